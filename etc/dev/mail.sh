# mail.sh: the demo's mail server with a mailbox page (maildev). Sourced by ./dev.
# shellcheck shell=bash

# Takes what is sent on PORT + 2, passes nothing on, shows it on PORT + 3.
mail_start() {
	local i
	if alive "$VAR/run/mail.pid"; then
		[ "$(cat "$VAR/run/mail.port" 2>/dev/null)" = "$PORT" ] && return 0
		mail_stop
	fi
	progress "starting the mail server"
	as_runner mkdir -p "$VAR/mail"
	# shellcheck disable=SC2016
	as_runner setsid sh -c '"$@" </dev/null >>"$0/log/mail.log" 2>&1 & echo $! >"$0/run/mail.pid"' \
		"$VAR" node "$TOP/node_modules/maildev/bin/maildev" \
		--ip 127.0.0.1 --smtp "$((PORT + 2))" --web-ip 127.0.0.1 --web "$((PORT + 3))" \
		--mail-directory "$VAR/mail"
	echo "$PORT" | write_private "$VAR/run/mail.port"
	for ((i = 0; i < 300; i++)); do
		if port_taken "$((PORT + 2))" && port_taken "$((PORT + 3))"; then
			# what the process is called depends on the version of Node.js
			write_private "$VAR/run/mail.name" <"/proc/$(cat "$VAR/run/mail.pid")/comm"
			return 0
		fi
		alive "$VAR/run/mail.pid" || break
		sleep 0.1
	done
	tail -n 10 "$VAR/log/mail.log" >&2
	fail "the mail server does not start, see $VAR/log/mail.log"
}

mail_stop() {
	stop_by "$VAR/run/mail.pid" "$(cat "$VAR/run/mail.name" 2>/dev/null)"
}
