# cron.sh: a private cron daemon with the jobs of etc/crontab. Sourced by ./dev.
# shellcheck shell=bash

# Debian's cron serves the whole machine and wants folders of the machine;
# crond.pl needs the instance's alone.
cron_daemon() {
	as_runner setsid -f perl "$TOP/etc/dev/crond.pl" "$VAR/crontab" "$VAR/run/jobs" \
		"$VAR/run/crond.pid" </dev/null >>"$YJ_LOG" 2>&1
}

# The jobs without the account; where things are comes from the environment.
cron_table() {
	sed -n -E 's/^(([0-9*][^ \t]*[ \t]+){5})[a-z-]+[ \t]+/\1/p' "$TOP/etc/crontab"
}

# The programs that start each minute.
minute_jobs() {
	cron_table | sed -n -E 's/^(\*[ \t]+){5}[^ \t]*\/([a-z-]+).*/\2/p'
}

# cron_works: whether each of those has started a short time ago, and not failed.
cron_works() {
	local job start status now
	alive "$VAR/run/crond.pid" || return 1
	now=$(date +%s)
	for job in $(minute_jobs); do
		read -r start _ status 2>/dev/null <"$VAR/run/jobs/$job" || return 1
		[ $((now - start)) -le 75 ] && [ "${status:-0}" -eq 0 ] || return 1
	done
}

# Jobs deliver what pages promise: an instance without them is not up.
cron_start() {
	local i
	export YJ_CONFIG=$CONFIG YJ_CRON=$BUILD/cron YJ_LOG=$VAR/log/cron.log
	cron_works && cron_table | cmp -s - "$VAR/crontab" && return 0
	cron_stop
	progress "starting cron"
	cron_table | write_private "$VAR/crontab"
	as_runner touch "$YJ_LOG"
	as_runner mkdir -p "$VAR/run/jobs"
	rm -f "$VAR"/run/jobs/*
	cron_daemon
	for ((i = 0; i < 50; i++)); do
		cron_works && break
		sleep 0.1
	done
	# time for a job that starts and cannot work
	sleep 1
	cron_works && return 0
	tail -n 10 "$YJ_LOG" >&2
	fail "cron cannot start its jobs, see $YJ_LOG"
}

# The daemon, and what it has started: that is its session.
cron_stop() {
	local pid i
	alive "$VAR/run/crond.pid" || { rm -f "$VAR/run/crond.pid"; return 0; }
	pid=$(cat "$VAR/run/crond.pid")
	rm -f "$VAR/run/crond.pid"
	case $(cat "/proc/$pid/comm") in busybox | perl | cron*) ;; *) return 0 ;; esac
	# a daemon that was suspended ends, too
	pkill -TERM -s "$pid" || true
	pkill -CONT -s "$pid" || true
	for ((i = 0; i < 50; i++)); do
		pgrep -s "$pid" --runstates R,S,D,T >/dev/null || return 0
		sleep 0.1
	done
	pkill -KILL -s "$pid" || true
}
