# Images. deploy/images/<name>/Dockerfile says what is in them, tools/images builds them without a registry.

REGISTRY ?=
CNI_REFERENCE := build/cni-plugins/ptp build/cni-plugins/host-local build/cni-plugins/loopback build/cni-plugins/portmap

.PHONY: images lab-images conformance-images push
images: build ## Build the operator's and the agent's images
	@$(MAKE) --no-print-directory $(CNI_REFERENCE)
	@$(TS) tools/images/main.ts build product

push: images ## Push them: make images push REGISTRY=registry.example.com/path
	@test -n "$(REGISTRY)" || { echo 'say where to: make images push REGISTRY=registry.example.com/path' >&2; exit 1; }
	@$(TS) tools/images/main.ts push "$(REGISTRY)"

lab-images: setup
	@$(TS) tools/images/main.ts build lab

conformance-images: setup
	@$(TS) tools/images/main.ts build conformance

# The reference CNI plugins that the agent installs on a bare node come from the lab's binaries.
$(CNI_REFERENCE) &: e2e/lab/binaries/recipe.ts node_modules/.stamp
	@mkdir -p build/cni-plugins
	@dir=$$($(TS) e2e/lab/main.ts binaries) && cp $(addprefix $$dir/,$(notdir $(CNI_REFERENCE))) build/cni-plugins/
	@touch $(CNI_REFERENCE)
