# What is generated from the operator's tables and the CRDs.

.PHONY: deploy-yaml verify-deploy
deploy-yaml: ## Write deploy/crds, deploy/install.yaml and docs/reference/rollout.md anew
	@$(TS) operator/tools/generate.ts

verify-deploy:
	@$(TS) operator/tools/generate.ts --verify

VERIFY_TARGETS += verify-deploy
