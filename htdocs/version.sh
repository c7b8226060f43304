#!/bin/sh
# version.sh FILE...: a header with one mark for all files a page names, so
# that browsers may keep them for good and still see every change.
set -e
printf '/* Made by version.sh from the content of the static files. */\n'
printf '#define STATIC_VERSION "%s"\n' "$(cat "$@" | sha256sum | cut -c 1-12)"
