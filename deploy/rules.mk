# Images. deploy/images/<name>/Dockerfile says what is in them, tools/images builds them without a registry.

REGISTRY ?=
CNI_REFERENCE := build/cni-plugins/ptp build/cni-plugins/host-local build/cni-plugins/loopback build/cni-plugins/portmap

.PHONY: images lab-images conformance-images push push-where
images: $(if $(filter push,$(MAKECMDGOALS)),push-where) build ## Build the operator's and the agent's images
	@$(MAKE) --no-print-directory $(CNI_REFERENCE)
	@$(TS) tools/images/main.ts build product

push: push-where images ## Push them: make images push REGISTRY=registry.example.com/path
	@$(TS) tools/images/main.ts push "$$REGISTRY"

# Before anything is built: host, port and lower-case path, as the names of images have them.
export REGISTRY
WHERE := ^[[:alnum:].-]+(:[0-9]+)?(/[[:lower:][:digit:]]+([._-]+[[:lower:][:digit:]]+)*)*$$
push-where:
	@[[ "$$REGISTRY" =~ $(WHERE) ]] || { \
	  [[ -z "$$REGISTRY" ]] || echo "REGISTRY=$$REGISTRY names no place for images: it is host[:port] and a lower-case path, without https://, a tag or a slash at its end" >&2; \
	  echo 'say where to: make images push REGISTRY=registry.example.com/path' >&2; exit 1; }

lab-images: setup
	@$(TS) tools/images/main.ts build lab

conformance-images: setup
	@$(TS) tools/images/main.ts build conformance

# The reference CNI plugins that the agent installs on a bare node come from the lab's binaries.
$(CNI_REFERENCE) &: e2e/lab/binaries/recipe.ts node_modules/.stamp
	@mkdir -p build/cni-plugins
	@dir=$$($(TS) e2e/lab/main.ts binaries) && cp $(addprefix $$dir/,$(notdir $(CNI_REFERENCE))) build/cni-plugins/
	@touch $(CNI_REFERENCE)
