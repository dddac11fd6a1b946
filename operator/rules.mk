# What is generated from the operator's tables and the CRDs.

.PHONY: deploy-yaml verify-deploy
deploy-yaml: ## Write deploy/crds, deploy/install.yaml and docs/reference/rollout.md anew
	@$(TS) tools/deploy/generate.ts

verify-deploy:
	@$(TS) tools/deploy/generate.ts --verify

VERIFY_TARGETS += verify-deploy
