#!/bin/sh
# prepare.sh <context>: makes the certificate that `agnhost porter` serves; its clients do not verify it.
set -eu
openssl req -x509 -newkey rsa:2048 -nodes -days 3650 -subj /CN=agnhost \
	-addext 'subjectAltName=DNS:example.com,IP:127.0.0.1,IP:::1' \
	-keyout "$1/localhost.key" -out "$1/localhost.crt" 2>/dev/null
