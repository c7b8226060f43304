# packages.sh: what must be on the machine. Sourced by ./dev.
# shellcheck shell=bash

# missing_packages FILE: names in FILE that are not installed.
missing_packages() {
	local have
	have=$(dpkg-query -W -f '${db:Status-Abbrev}|${Package}|${Provides}\n' 2>/dev/null |
		sed -n 's/^ii *|//p' | tr '|,' '\n' | sed 's/^ *//; s/ (.*//' | sort -u)
	grep -v -e '^#' -e '^$' "$1" | sort -u | comm -23 - <(echo "$have")
}

# install_packages FILE
install_packages() {
	local missing
	command -v dpkg-query >/dev/null || fail "this is for Debian 12 or later"
	mapfile -t missing < <(missing_packages "$1")
	[ ${#missing[@]} -gt 0 ] || return 0
	[ "$(id -u)" -eq 0 ] ||
		fail "these packages are missing; ask whoever is root for:
     apt-get install --no-install-recommends ${missing[*]}"
	progress "installing ${#missing[@]} Debian packages"
	{
		apt-get update -q
		DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends \
			"${missing[@]}"
	} </dev/null >>"$VAR/apt.log" 2>&1 || {
		tail -n 20 "$VAR/apt.log" >&2
		fail "apt-get failed, see $VAR/apt.log"
	}
}

# JavaScript and CSS that the pages and the browser tests use. A Node.js that
# is there is kept, wherever it came from; Debian's is taken only where none is.
install_node_modules() {
	if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
		printf 'nodejs\nnpm\n' >"$VAR/node-packages.txt"
		install_packages "$VAR/node-packages.txt"
	fi
	node -e 'process.exit(parseInt(process.versions.node) < 18 ? 1 : 0)' ||
		fail "Node.js 18 or later is needed; $(command -v node) is $(node --version)"
	[ ! package-lock.json -nt node_modules/.package-lock.json ] && return 0
	progress "fetching npm packages from npm's registry"
	PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --no-audit --no-fund --ignore-scripts \
		</dev/null >"$VAR/npm.log" 2>&1 || {
		tail -n 20 "$VAR/npm.log" >&2
		fail "npm failed, see $VAR/npm.log"
	}
	touch node_modules/.package-lock.json
}
