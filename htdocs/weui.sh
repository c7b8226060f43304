#!/bin/sh
# weui.sh [NODE_MODULES]: writes htdocs/vendor/weui.css from the npm package:
# the base with its colours, and only the components our pages use. Each piece
# of the package repeats the same variables; they are kept once.
set -e
here=$(dirname "$0")
weui=${1:-$here/../node_modules}/weui
style=$weui/dist/style
out=${2:-$here/vendor/weui.css}

sed 's/\(}\)\(\.wx-root\|@media\)/\1\n\2/g' "$style/base/base.min.css" > "$out.new"
for piece in weui-button/weui-button weui-cell/weui-cell weui-cell/weui-cell-form; do
	printf '\n' >> "$out.new"
	sed -e '1,/\*\//{/^ \*\//!d}' \
	    -e 's/^ \*\/.*--weui-DIALOG-LINE-COLOR:hsla(0,0%,100%,.1)}}//' \
		"$style/widget/$piece.min.css" >> "$out.new"
done
printf '\n' >> "$out.new"
mv "$out.new" "$out"
