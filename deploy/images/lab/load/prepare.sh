#!/bin/sh
# Builds the load client into the folder given as $1.
set -eu
mkdir -p "$1"
out=$(cd "$1" && pwd)
cd "$(dirname "$0")"
CGO_ENABLED=0 go build -trimpath -ldflags='-s -w' -o "$out/margay-load" .
