# cron.sh: a private cron daemon with the jobs of etc/crontab. Sourced by ./dev.
# shellcheck shell=bash

# Debian's cron serves the whole machine; busybox has one that takes a folder
# of its own. It must be root, to become the runner for each job. For an
# ordinary user Perl's Schedule::Cron keeps the same table.
cron_daemon() {
	if [ "$(id -u)" -eq 0 ]; then
		setsid busybox crond -f -c "$VAR/cron" -L "$VAR/log/crond.log" &
	else
		# shellcheck disable=SC2016
		setsid perl -MSchedule::Cron -e '
			my $cron = Schedule::Cron->new(sub { system shift }, processprefix => "cron");
			$cron->load_crontab(shift);
			$cron->run;' "$VAR/cron/$RUN_AS" &
	fi </dev/null >>"$YJ_LOG" 2>&1
	echo $! >"$VAR/run/crond.pid"
}

# The jobs without the account; where things are comes from the environment.
cron_table() {
	sed -n -E 's/^(([0-9*][^ \t]*[ \t]+){5})[a-z-]+[ \t]+/\1/p' "$TOP/etc/crontab"
}

cron_start() {
	local job
	alive "$VAR/run/crond.pid" && return 0
	progress "starting cron"
	mkdir -p "$VAR/cron"
	# the daemon takes a table from its own account only
	cron_table >"$VAR/cron/$RUN_AS"
	export YJ_CONFIG=$CONFIG YJ_CRON=$BUILD/cron YJ_LOG=$VAR/log/cron.log
	as_runner touch "$YJ_LOG"
	cron_daemon
	# until the first full minute
	for job in outbox poll; do
		# shellcheck disable=SC2016
		as_runner setsid sh -c '"$YJ_CRON/$1" 60 </dev/null >/dev/null 2>>"$YJ_LOG" & echo $! >"$0"' \
			"$VAR/run/$job.pid" $job
	done
}

# The daemon, and what it has started: that is its session.
cron_stop() {
	local pid
	stop_by "$VAR/run/outbox.pid" outbox
	stop_by "$VAR/run/poll.pid" poll
	alive "$VAR/run/crond.pid" || { rm -f "$VAR/run/crond.pid"; return 0; }
	pid=$(cat "$VAR/run/crond.pid")
	case $(cat "/proc/$pid/comm") in busybox | perl | cron*) pkill -TERM -s "$pid" || true ;; esac
	rm -f "$VAR/run/crond.pid"
}
