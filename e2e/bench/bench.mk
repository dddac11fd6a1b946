# Figures, as ratios within one run. ONLY="G1 G7" runs some rows, QUICK=1 fewer repetitions and Services.
ONLY ?=
QUICK ?=

FLOW_SOURCES := $(wildcard e2e/bench/native/flow*.c)

build/bench/flow: $(FLOW_SOURCES) e2e/bench/native/flow.h
	mkdir -p $(@D)
	$(CC) -O2 -Wall -Wextra -Werror -o $@ $(FLOW_SOURCES)

build/bench/l0.bpf.o: e2e/bench/native/l0.bpf.c build/bpf/vmlinux.h
	mkdir -p $(@D)
	$(CLANG) $(BPF_CFLAGS) -c $< -o $@.tmp
	$(LLVM_STRIP) -g $@.tmp
	mv $@.tmp $@

.PHONY: bench
bench: build build/bench/flow build/bench/l0.bpf.o ## Measure against kube-proxy and the bare kernel (ONLY=G7 one row, QUICK=1 a short run)
	@ONLY="$(ONLY)" QUICK="$(QUICK)" $(TS) e2e/bench/main.ts

.PHONY: bench-docs
bench-docs: node_modules/.stamp ## docs/performance.md and its plots from the last `make bench`
	@$(TS) e2e/bench/report/main.ts
