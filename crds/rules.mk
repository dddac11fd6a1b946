.PHONY: codegen verify-codegen
codegen:: node_modules/.stamp ## Write the generated sources
	$(TS) tools/codegen/crd-types.ts
	$(TS) tools/codegen/crd-docs.ts

verify-codegen:: node_modules/.stamp ## Fail when a generated source is stale
	$(TS) tools/codegen/crd-types.ts --verify
	$(TS) tools/codegen/crd-docs.ts --verify
