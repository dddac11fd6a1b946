# The native addon: a shared object that Node loads, and the same one under ASan and UBSan.
ADDON_SOURCES := addon/CMakeLists.txt addon/package.json $(wildcard addon/native/*.cc addon/native/*.h addon/native/*/*.cc addon/native/*/*.h)
ADDON_CMAKE := cd addon && npx --no-install cmake-js build --log-level=error --parallel 2

build/addon/margay.node: $(ADDON_SOURCES) | node_modules/.stamp
	$(ADDON_CMAKE) --out $(ROOT)/build/addon --config Release
	touch $@

build/addon-asan/margay.node: $(ADDON_SOURCES) | node_modules/.stamp
	$(ADDON_CMAKE) --out $(ROOT)/build/addon-asan --config RelWithDebInfo --CDMARGAY_SANITIZE=ON
	touch $@

# Objects that the addon's own tests load.
ADDON_FIXTURES := $(patsubst addon/test/fixtures/%.bpf.c,build/addon-test/%.bpf.o,$(wildcard addon/test/fixtures/*.bpf.c))
build/addon-test/%.bpf.o: addon/test/fixtures/%.bpf.c
	mkdir -p $(@D)
	$(CLANG) -target bpf -mcpu=v3 -O2 -g -Wall -Werror -I/usr/include/$(shell uname -m)-linux-gnu -c $< -o $@

.PHONY: addon addon-fixtures
addon: build/addon/margay.node ## Build the native addon

addon-fixtures: $(ADDON_FIXTURES)
bpf-test: addon-fixtures

codegen:: build/addon/margay.node
	$(TS) tools/codegen/btf-codecs.ts

verify-codegen:: build/addon/margay.node
	$(TS) tools/codegen/btf-codecs.ts --verify
