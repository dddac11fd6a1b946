#!/bin/bash
# All of `make test`: stages with headings and times, then the totals of every test that ran.
# Set-up and build stop the run when they fail, because nothing after them could be judged.
set -uo pipefail
cd "$(dirname "$(readlink -f "$0")")/../.."

failed=()

# stage <title> <make target>...: runs the targets, and notes when they fail.
stage() {
	local title=$1 started=$SECONDS
	shift
	printf '\n=== %s (%d min %02d s)\n' "$title" $((SECONDS / 60)) $((SECONDS % 60))
	if make --no-print-directory "$@"; then
		printf -- '--- %s: %d s\n' "$title" $((SECONDS - started))
	else
		printf -- '--- %s: FAILED after %d s\n' "$title" $((SECONDS - started))
		failed+=("$title")
		return 1
	fi
}

finish() {
	local status=0
	printf '\n=== done (%d min %02d s)\n' $((SECONDS / 60)) $((SECONDS % 60))
	[[ ${#failed[@]} -eq 0 ]] || { printf 'failed: %s\n' "${failed[@]}"; status=1; }
	node --import tsx tools/test/main.ts totals || status=1
	exit "$status"
}

export TEST_RESULTS=${TEST_RESULTS:-build/test}
rm -rf "$TEST_RESULTS"
mkdir -p "$TEST_RESULTS"
stage set-up setup && stage preflight preflight && stage build build || finish
stage 'static checks' --keep-going check
stage 'unit tests' unit
stage 'BPF and kernel tests' bpf-test
stage 'addon under sanitizers' sanitizer-test
stage 'control-plane tests' cp-test
stage 'cluster scenarios' cluster-test
finish
