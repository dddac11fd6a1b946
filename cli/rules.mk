.PHONY: cli
# An ES module without an extension: kubectl finds plugins by bare names, and Node sees by its syntax what it is.
cli: node_modules/.stamp ## Build the kubectl plugin: dist/kubectl-margay
	node_modules/.bin/esbuild cli/src/main.ts --bundle --platform=node --target=node20 --format=esm \
	  --banner:js=$$'#!/usr/bin/env node\nimport{createRequire}from"node:module";const require=createRequire(import.meta.url);' \
	  --outfile=dist/kubectl-margay --log-level=warning
	chmod +x dist/kubectl-margay
