# The BPF objects: one source, one object a family. vmlinux.h comes from the kernel that builds;
# offsets are relocated on the node that loads (CO-RE).
BPF_SOURCES := $(wildcard bpf/*.h bpf/*.bpf.c bpf/lib/*.h)
BPF_CFLAGS := -O2 -g -target bpf -mcpu=v3 -std=gnu11 -Wall -Wextra -Werror \
	-Wno-missing-declarations -Wno-unused-parameter -Wno-address-of-packed-member -Ibuild/bpf
LLVM_STRIP ?= llvm-strip-19

build/bpf/vmlinux.h: bpf/rules.mk
	mkdir -p $(@D)
	bpftool btf dump file /sys/kernel/btf/vmlinux format c > $@.tmp
	mv $@.tmp $@

# Stripped of DWARF; BTF stays.
build/bpf/margay%.bpf.o: $(BPF_SOURCES) build/bpf/vmlinux.h
	$(CLANG) $(BPF_CFLAGS) -DMARGAY_FAMILY=$* -c bpf/margay.bpf.c -o $@.tmp
	$(LLVM_STRIP) -g $@.tmp
	mv $@.tmp $@

.PHONY: bpf
bpf: build/bpf/margay4.bpf.o build/bpf/margay6.bpf.o ## Build the BPF objects
