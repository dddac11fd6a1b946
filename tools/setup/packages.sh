#!/bin/bash
# Installs the Debian packages of packages.txt, and says what must be there that Debian does not
# have (Node.js, Go). When nothing is missing it only asks dpkg, which takes some milliseconds.
set -euo pipefail

here=$(dirname "$(readlink -f "$0")")
node_needed=20.19
go_needed=1.26

die() {
	printf 'setup: %s\n' "$@" >&2
	exit 1
}

read_list() {
	declare -gA minimum=()
	local name version _
	while read -r name version _; do
		[[ -z $name || $name == \#* ]] || minimum[$name]=$version
	done <"$here/packages.txt"
}

# Prints the packages that are absent or older than needed.
missing_packages() {
	declare -A installed=()
	local status name version
	while read -r status name version; do
		[[ $status != installed ]] || installed[$name]=$version
	done < <(dpkg-query -W -f='${db:Status-Status} ${Package} ${Version}\n' "${!minimum[@]}" 2>/dev/null || true)
	for name in "${!minimum[@]}"; do
		version=${installed[$name]:-}
		if [[ -z $version ]]; then
			echo "$name"
		elif [[ -n ${minimum[$name]} ]] && dpkg --compare-versions "$version" lt "${minimum[$name]}"; then
			echo "$name"
		fi
	done
}

# Adds the release's backports, from the mirror that this machine already uses.
add_backports() {
	local codename=$1 file=/etc/apt/sources.list.d/margay-backports.sources uri
	[[ ! -e $file ]] || return 0
	uri=$(apt-get indextargets --format '$(RELEASE) $(REPO_URI)' 'Identifier: Packages' |
		awk -v release="$codename" '$1 == release {print $2; exit}')
	[[ -n $uri ]] || die "apt knows no mirror of $codename; add one to /etc/apt/sources.list.d and run again."
	echo "setup: adding $codename-backports ($file)"
	printf '%s\n' 'Types: deb' "URIs: $uri" "Suites: $codename-backports" 'Components: main' \
		'Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg' >"$file"
	apt-get update -qq
}

candidate_is_old() {
	local candidate
	candidate=$(apt-cache policy "$1" | awk '$1 == "Candidate:" {print $2}')
	[[ -z $candidate || $candidate == '(none)' ]] || dpkg --compare-versions "$candidate" lt "$2"
}

install_packages() {
	local codename wanted=() name
	codename=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
	[[ $(id -u) -eq 0 ]] || die "missing packages: $*" "run this as root, so that they can be installed."
	command -v apt-get >/dev/null || die "missing packages: $*" "this machine has no apt; install their equivalents by hand."
	echo "setup: installing $*"
	apt-get update -qq
	for name in "$@"; do
		if [[ -n ${minimum[$name]} ]] && candidate_is_old "$name" "${minimum[$name]}"; then
			add_backports "$codename"
			wanted+=("$name/$codename-backports")
		else
			wanted+=("$name")
		fi
	done
	# A package from backports may need its libraries from there: "-t" would raise everything else too.
	DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
		-o DPkg::Lock::Timeout=300 "${wanted[@]}" $(backports_libraries "${wanted[@]}") >/dev/null ||
		die "apt could not install: ${wanted[*]}" "Its message is above; mend that and run again."
}

# Libraries which the packages taken from backports want in exactly their own version.
backports_libraries() {
	local suite=
	for name in "$@"; do
		[[ $name != libbpf-dev/* ]] || suite=${name#*/}
	done
	[[ -z $suite ]] || echo "libbpf1/$suite"
}

version_at_least() {
	[[ $(printf '%s\n%s\n' "$1" "$2" | sort -V | head -n 1) == "$1" ]]
}

check_node() {
	local found
	found=$(node --version 2>/dev/null) || die "Node.js $node_needed or later is needed: https://nodejs.org/en/download"
	version_at_least "$node_needed" "${found#v}" || die "Node.js is ${found#v}, but $node_needed or later is needed: https://nodejs.org/en/download"
}

check_go() {
	local found hint="The lab is built from Go sources. Get it from https://go.dev/dl/, unpack it with 'tar -C /usr/local -xzf go*.tar.gz', and put /usr/local/go/bin in PATH."
	found=$(GOTOOLCHAIN=local go env GOVERSION 2>/dev/null) || die "Go $go_needed or later is needed." "$hint"
	version_at_least "$go_needed" "${found#go}" || die "Go is ${found#go}, but $go_needed or later is needed." "$hint"
}

read_list
mapfile -t missing < <(missing_packages | sort)
[[ ${#missing[@]} -eq 0 ]] || install_packages "${missing[@]}"
mapfile -t missing < <(missing_packages | sort)
[[ ${#missing[@]} -eq 0 ]] || die "still missing or too old after the installation: ${missing[*]}"
check_node
check_go
