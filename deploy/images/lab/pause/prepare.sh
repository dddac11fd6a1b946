#!/bin/sh
# prepare.sh <context>: compiles what the Dockerfile copies.
set -eu
gcc -static -Os -s -Wall -Wextra -Werror -o "$1/pause" "$(dirname "$0")/pause.c"
