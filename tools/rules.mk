# Set-up, bundles, checks and test stages. The programs are in tools/, one folder a tool.

## What `make build` makes, by the names that docs/contracts.md gives.
BPF_OBJECTS := build/bpf/margay4.bpf.o build/bpf/margay6.bpf.o
ADDON := build/addon/margay.node
CNI_PLUGIN := build/cni/margay-cni
BUNDLES := dist/margay-operator.mjs dist/margay-agent.mjs $(if $(wildcard cli/src/main.ts),dist/kubectl-margay.mjs)
BUNDLE_SOURCES := $(shell find $(wildcard lib crds addon/src operator/src agent/src cli/src) -name '*.ts' ! -name '*.test.ts' -not -path '*/node_modules/*')

BIN := node_modules/.bin

.PHONY: setup preflight build artifacts bundles
setup: ## Install the system packages and npm modules that are missing
	@tools/setup/packages.sh
	@$(MAKE) --no-print-directory node_modules/.stamp

preflight: setup ## Say what this machine lacks for the lab, and how to mend it
	@$(TS) tools/preflight/main.ts

build: setup ## Build the BPF objects, the addon, the CNI plugin and the bundles
	@$(MAKE) --no-print-directory artifacts

artifacts: $(BPF_OBJECTS) $(ADDON) $(CNI_PLUGIN) $(BUNDLES)

bundles: $(BUNDLES)

dist/%.mjs: $(BUNDLE_SOURCES) tools/bundle/main.ts tools/bundle/options.ts node_modules/.stamp
	@$(TS) tools/bundle/main.ts $(VERSION) $*

.PHONY: check check-types check-lint check-format check-native-format
check: setup ## Static checks: types, lint, format, generated files
	@$(MAKE) --no-print-directory --jobs=2 --output-sync=target \
	  check-types check-lint check-format check-native-format $(VERIFY_TARGETS)

check-types:
	$(BIN)/tsc -p .

check-lint:
	$(BIN)/eslint --max-warnings=0 --cache --cache-location build/eslint/ .

check-format:
	$(BIN)/prettier --check --log-level=warn --cache --cache-location build/prettier/cache .

check-native-format:
	git ls-files -z -- 'bpf/*.[ch]' 'addon/*.cc' 'addon/*.h' 'agent/cni/*.cpp' 'agent/cni/*.h' | xargs -0 -r clang-format-19 --dry-run --Werror

.PHONY: features verify-features
features: node_modules/.stamp ## Write docs/features.md: promises, their tests, and what came of them in the last run
	@$(TS) tools/features/main.ts

verify-features: node_modules/.stamp
	@$(TS) tools/features/main.ts --verify

VERIFY_TARGETS += verify-features

.PHONY: test unit bpf-test sanitizer-test cp-test cluster-test clean
test: ## Everything: set-up, checks, unit, BPF, control-plane and cluster tests
	@tools/test/all.sh

unit: build ## Unit tests
	@$(TS) tools/test/main.ts unit

bpf-test: build lab-binaries ## Tests of the BPF programs and of what talks to the kernel (root)
	@$(TS) tools/test/main.ts bpf

# Node is not instrumented itself, so the sanitizers' runtimes come first by LD_PRELOAD.
# GCC 12's runtime takes a dynamic TLS block that happens to lie 16 bytes past a page for one of glibc 2.19's, and
# LeakSanitizer then reads at the address that it finds before it: it must not follow these blocks. The addon
# keeps no pointer in one.
sanitizer-test: setup addon-fixtures build/addon-asan/margay.node ## The addon's tests under ASan and UBSan (root)
	@MARGAY_ADDON=$(ROOT)/build/addon-asan/margay.node \
	  LD_PRELOAD="$$(gcc -print-file-name=libasan.so) $$(gcc -print-file-name=libubsan.so)" \
	  ASAN_OPTIONS=abort_on_error=1:intercept_tls_get_addr=0 UBSAN_OPTIONS=print_stacktrace=1 \
	  $(TS) tools/test/main.ts sanitized

cp-test: build lab-binaries ## Tests against a real API server, without nodes (root)
	@$(TS) tools/test/main.ts control-plane

# The scenarios' files share a cluster that the first of them starts, or replace it by a fresh one; it goes when all have run.
cluster-test: images ## Scenarios on a real cluster (root)
	@status=0; $(TS) tools/test/main.ts cluster || status=$$?; \
	  $(TS) e2e/lab/main.ts --name scenarios down; exit $$status

clean: ## Remove build/ and dist/ (the cache outside the checkout stays)
	rm -rf build dist
