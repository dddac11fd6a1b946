# Margay. `make help` lists what a person calls; each room brings its own rules as <room>/rules.mk.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help
MAKEFLAGS += --no-builtin-rules --warn-undefined-variables

ROOT := $(CURDIR)
VERSION ?= 0.1.0
MARGAY_CACHE ?= $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/margay
export MARGAY_CACHE VERSION
CLANG ?= clang-19
TS := node --import tsx

.PHONY: help
help: ## Show this list
	@awk 'BEGIN{FS=":.*## "} /^[a-z][a-z0-9-]*:.*## /{printf "  %-16s %s\n",$$1,$$2}' $(MAKEFILE_LIST) | sort

node_modules/.stamp: package-lock.json package.json $(wildcard */package.json)
	npm ci --no-audit --no-fund --loglevel=error
	touch $@

-include $(sort $(wildcard */rules.mk))
