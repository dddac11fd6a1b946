# A real cluster on this machine, and what is tried on it. LAB names it (margay); LAB_ARGS are those of `lab up`.
LAB ?= margay
LAB_ARGS ?=
NODE ?=
LAB_RUN = $(TS) e2e/lab/main.ts --name $(LAB)

.PHONY: lab-up lab-down lab-shell lab-binaries
lab-up: setup ## Start a three-node cluster (LAB_ARGS="--cni ptp --families dual ..."; see lab up --help)
	@$(LAB_RUN) up $(LAB_ARGS)

lab-down: node_modules/.stamp ## Remove the cluster and every trace of it
	@$(LAB_RUN) down

lab-shell: node_modules/.stamp ## A shell with kubectl set up (NODE=n1: on that node)
	@$(LAB_RUN) shell $(NODE)

lab-binaries: node_modules/.stamp
	@$(LAB_RUN) binaries

.PHONY: demo
demo: preflight images ## Three nodes, one Installation, a switch of modes there and back under load
	@$(TS) e2e/demo/main.ts

.PHONY: conformance
conformance: preflight images ## Upstream's e2e.test on Margay (FOCUS= and SKIP= are regular expressions)
	@$(TS) e2e/conformance/main.ts

include e2e/bench/bench.mk
