# Margay. `make help` lists what a person calls; each room brings its own rules as <room>/rules.mk.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help
MAKEFLAGS += --no-builtin-rules --warn-undefined-variables

ROOT := $(CURDIR)
VERSION ?= 0.1.0
HOME ?= /root
XDG_CACHE_HOME ?= $(HOME)/.cache
MARGAY_CACHE ?= $(XDG_CACHE_HOME)/margay
export HOME MARGAY_CACHE VERSION
# Compiled C++ is found again whatever the checkout's folder: ccache in the cache, paths relative, none in its keys.
export CMAKE_CXX_COMPILER_LAUNCHER := ccache
export CCACHE_DIR := $(MARGAY_CACHE)/ccache
export CCACHE_BASEDIR := $(ROOT)
export CCACHE_NOHASHDIR := true
CLANG ?= clang-19
TS := node --import tsx

# A room adds the targets that `make check` runs to see that its generated files are up to date.
VERIFY_TARGETS := verify-codegen

.PHONY: help
help: ## Show this list
	@awk 'BEGIN{FS=":.*## "} /^[a-z][a-z0-9-]*:.*## /{printf "  %-16s %s\n",$$1,$$2}' $(MAKEFILE_LIST) | sort

# `npm ci` starts by deleting everything: only when the installed packages are not the locked ones.
node_modules/.stamp: package-lock.json package.json $(wildcard */package.json)
	@node tools/setup/node-modules.mjs || npm ci --no-audit --no-fund --loglevel=error
	@touch $@

-include $(sort $(wildcard */rules.mk))
