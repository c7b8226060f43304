# build.sh: from sources to programs, in a folder of its own. Sourced by ./dev.
# shellcheck shell=bash

JOBS=$(getconf _NPROCESSORS_ONLN)

# Where Debian's ccache is installed, what one tree has compiled serves the others.
if [ -d /usr/lib/ccache ]; then
	export PATH=/usr/lib/ccache:$PATH CCACHE_BASEDIR=${CCACHE_BASEDIR:-$TOP} CCACHE_NOHASHDIR=1
fi

stale_configure() {
	[ ! -x configure ] || [ configure.ac -nt configure ] ||
		[ -n "$(find Makefile.am ./*/local.mk ./*/*/local.mk -newer Makefile.in 2>/dev/null)" ]
}

# why_failed LOG: the errors of compilers; without one, the last lines.
why_failed() {
	{ grep -E -A5 'error|Error' "$1" || tail -n 20 "$1"; } | tail -n 40
}

# forget_moved FOLDER: objects and makefile name the place where they were made.
forget_moved() {
	[ -f "$1/config.status" ] && grep -qx "PACKAGE = yuanjian" "$1/Makefile" 2>/dev/null || return 0
	grep -qxF "abs_top_srcdir = $TOP" "$1/Makefile" &&
		grep -qxF -e "abs_top_builddir = $(cd "$1" && pwd)" \
			-e "abs_top_builddir = $(cd "$1" && pwd -P)" "$1/Makefile" && return 0
	progress "the tree was moved: building anew in $1"
	rm -rf "$1"
}

# build_in FOLDER CONFIGURE-ARGUMENT...
build_in() {
	local folder=$1 log=$VAR/build.log
	shift
	if stale_configure; then
		progress "autoreconf"
		# two builds from one tree may come here at once
		flock "$TOP/etc/dev" autoreconf -i >"$log" 2>&1 ||
			{ tail -n 20 "$log" >&2; fail "autoreconf failed"; }
	fi
	forget_moved "$folder"
	mkdir -p "$folder"
	if [ ! -f "$folder/Makefile" ]; then
		progress "configure in $folder"
		(cd "$folder" && "$TOP/configure" -q --config-cache "$@") >"$log" 2>&1 ||
			{ tail -n 20 "$log" >&2; fail "configure failed, see $folder/config.log"; }
	fi
	make -q -C "$folder" all >/dev/null 2>&1 && return 0
	progress "make in $folder"
	make -s -j"$JOBS" -C "$folder" all >"$log" 2>&1 ||
		{ why_failed "$log" >&2; fail "make failed, see $log"; }
}

# build_here: the tree's own build. With the compiler that the warnings are kept clean
# for, each is an error; another one's new warnings shall not stop a newcomer.
build_here() {
	local -a strict=()
	case $(gcc -dumpversion 2>/dev/null) in 12 | 12.*) strict=(--enable-developer --disable-sanitizers) ;; esac
	build_in "$BUILD" "${strict[@]}"
}

dev_format() {
	git ls-files -co --exclude-standard '*.[ch]' | xargs clang-format -i
}

dev_distcheck() {
	make_var
	install_packages etc/packages.txt
	build_here
	make -C "$BUILD" distcheck
}

dev_figures() {
	perl etc/dev/figures.pl
}
