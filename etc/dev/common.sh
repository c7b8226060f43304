# common.sh: names, messages, and the account that does the work. Sourced by ./dev.
# shellcheck shell=bash

VAR=${YJ_VAR:-$TOP/var}
BUILD=${YJ_BUILD:-$TOP/build}
PORT=${PORT:-$(cat "$VAR/port" 2>/dev/null || echo 8080)}
SOCKET=$VAR/db.sock
# shellcheck disable=SC2034
CONFIG=$VAR/yuanjian.conf
export YJ_VAR=$VAR YJ_BUILD=$BUILD
# Debian gives ordinary users no path to its servers.
export PATH=$PATH:/usr/sbin:/sbin

# Servers and programs never run as root. Any Debian has this account.
if [ "$(id -u)" -eq 0 ]; then
	RUN_AS=www-data
else
	RUN_AS=$(id -un)
fi

say() {
	printf '%s\n' "$*" >&2
}

fail() {
	printf 'dev: %s\n' "$*" >&2
	exit 1
}

# progress WORDS: one line a step, with the seconds since the start.
progress() {
	printf '%4ds  %s\n' "$SECONDS" "$*" >&2
}

# Extra rights for as_runner, see reachable().
RUNNER_CAPS=()

# as_runner COMMAND...: as the unprivileged account.
as_runner() {
	if [ "$(id -u)" -eq 0 ]; then
		setpriv --reuid "$RUN_AS" --regid "$RUN_AS" --clear-groups \
			"${RUNNER_CAPS[@]}" -- env HOME="$VAR" "$@"
	else
		"$@"
	fi
}

# The unprivileged account must get to the tree. A throw-away machine of a
# continuous integration may have put it behind a closed door: there it is
# given the right to pass. Elsewhere the door is for the user to open.
reachable() {
	[ "$(id -u)" -eq 0 ] || return 0
	as_runner test -x "$TOP" -a -r "$TOP/dev" && return 0
	if [ "${CI:-}" = true ]; then
		RUNNER_CAPS=(--inh-caps +dac_read_search --ambient-caps +dac_read_search)
		as_runner test -r "$TOP/dev" 2>/dev/null && return 0
	fi
	fail "the account $RUN_AS, which runs the servers when you are root, cannot read $TOP.
     Move the tree to a place that others may enter (/srv/yuanjian), or be an ordinary user."
}

# The instance's folder, in the hands of the account that runs it. Whether there
# is a way to it is known before anything is installed.
make_var() {
	reachable
	mkdir -p "$VAR/run" "$VAR/log"
	if [ "$(id -u)" -eq 0 ]; then
		as_runner test -w "$VAR/log" || chown -R "$RUN_AS:$RUN_AS" "$VAR"
	fi
	as_runner test -w "$VAR/log" ||
		fail "the account $RUN_AS cannot write to $VAR. Move it, or set YJ_VAR to another folder."
	settle_var
	[ ${#SOCKET} -le 100 ] ||
		fail "the path of the database socket is too long for the kernel (100 bytes): $SOCKET
     Move the tree, or set YJ_VAR to a shorter folder."
}

# An instance that was moved while it ran: its servers know the old place.
settle_var() {
	local place
	place=$(cat "$VAR/run/place" 2>/dev/null || echo "$TOP $VAR")
	[ "$place" = "$TOP $VAR" ] || dev_down
	echo "$TOP $VAR" | write_private "$VAR/run/place"
}

# write_private FILE: standard input to FILE, readable to the runner alone.
write_private() {
	# shellcheck disable=SC2016
	as_runner sh -c 'umask 077; cat >"$1.new" && mv "$1.new" "$1"' - "$1"
}

random_hex() {
	od -An -N"$1" -tx1 /dev/urandom | tr -d ' \n'
}

# alive FILE: whether the process that wrote this pid file is still there. One
# that has ended and was never taken in by process 1 (of a container) is not.
alive() {
	local pid stat
	pid=$(cat "$1" 2>/dev/null) && [ -n "$pid" ] && kill -0 "$pid" 2>/dev/null || return 1
	stat=$(cat "/proc/$pid/stat" 2>/dev/null) || return 1
	case ${stat##*) } in Z* | X*) return 1 ;; esac
}

# stop_by FILE NAME: ends the process of a pid file that we wrote.
stop_by() {
	local pid i
	alive "$1" || { rm -f "$1"; return 0; }
	pid=$(cat "$1")
	[ "$(cat "/proc/$pid/comm" 2>/dev/null)" = "$2" ] || { rm -f "$1"; return 0; }
	kill -TERM "$pid"
	for ((i = 0; i < 200; i++)); do
		alive "$1" || { rm -f "$1"; return 0; }
		sleep 0.05
	done
	kill -KILL "$pid" 2>/dev/null || true
	rm -f "$1"
}

# built NAME: the path of a built program that may stand in any folder.
built() {
	local place
	for place in "$BUILD/$1" "$BUILD"/*/"$1" "$BUILD"/*/*/"$1"; do
		[ -f "$place" ] && [ -x "$place" ] && { echo "$place"; return 0; }
	done
	return 1
}
