# The native addon: a shared object that Node loads, and the same one under ASan and UBSan.
ADDON_SOURCES := addon/CMakeLists.txt $(wildcard addon/native/*.cc addon/native/*.h addon/native/*/*.cc addon/native/*/*.h)
ADDON_CMAKE := cd addon && CI=1 npx --no-install cmake-js compile --log-level=error

build/addon/margay.node: $(ADDON_SOURCES) addon/package.json node_modules/.stamp
	$(ADDON_CMAKE) --out $(ROOT)/build/addon --config Release --parallel 2

build/addon-asan/margay.node: $(ADDON_SOURCES) addon/package.json node_modules/.stamp
	$(ADDON_CMAKE) --out $(ROOT)/build/addon-asan --config RelWithDebInfo --CDMARGAY_SANITIZE=ON --parallel 2

.PHONY: addon
addon: build/addon/margay.node ## Build the native addon

# Objects that the addon's own tests load.
ADDON_FIXTURES := $(patsubst addon/test/fixtures/%.bpf.c,build/addon-test/%.bpf.o,$(wildcard addon/test/fixtures/*.bpf.c))
build/addon-test/%.bpf.o: addon/test/fixtures/%.bpf.c
	mkdir -p $(@D)
	$(CLANG) -target bpf -mcpu=v3 -O2 -g -Wall -Werror -I/usr/include/$(shell uname -m)-linux-gnu -c $< -o $@

codegen:: build/addon/margay.node
	$(TS) tools/codegen/btf-codecs.ts

verify-codegen:: build/addon/margay.node
	$(TS) tools/codegen/btf-codecs.ts --verify
