# httpd.sh: a private Apache, and the commands that start and stop all. Sourced by ./dev.
# shellcheck shell=bash

port_taken() {
	(exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}

httpd_config() {
	local sanitized=
	if grep -q '^#define YJ_SANITIZED 1' "$BUILD/build.h" 2>/dev/null; then
		sanitized="Define SANITIZED"
	fi
	# shellcheck disable=SC2153
	write_private "$VAR/httpd.conf" <<-END
	# Written by ./dev up.
	Define YJ_TOP "$TOP"
	Define YJ_VAR "$VAR"
	Define YJ_BUILD "$BUILD"
	Define YJ_PROGRAMS "$BUILD/cgi-bin"
	Define YJ_STATIC "$TOP/htdocs"
	Define YJ_STATIC_BUILT "$BUILD/htdocs"
	Define YJ_CONFIG "$CONFIG"
	Define YJ_MIME_TYPES "$TOP/etc/httpd/mime.types"
	Define YJ_PORT $PORT
	Define YJ_PORT_INTRANET $((PORT + 1))
	$sanitized
	Include "$TOP/etc/httpd/demo.conf"
	END
}

# claim_ports: before anything is touched. An instance that moves may find its
# own ports taken: by itself.
claim_ports() {
	local port running=
	! alive "$VAR/run/httpd.pid" || running=$(cat "$VAR/port")
	[ "$running" != "$PORT" ] || return 0
	for port in "$PORT" "$((PORT + 1))" "$((PORT + 2))" "$((PORT + 3))"; do
		[ -n "$running" ] && [ "$port" -ge "$running" ] && [ "$port" -le $((running + 3)) ] &&
			continue
		! port_taken "$port" ||
			fail "port $port is in use by another program; choose four free ones in a row: PORT=n ./dev up"
	done
}

httpd_start() {
	local i
	if alive "$VAR/run/httpd.pid"; then
		[ "$(cat "$VAR/port")" = "$PORT" ] && ! httpd_changed && return 0
		httpd_stop
	fi
	progress "starting Apache"
	echo "$PORT" | write_private "$VAR/port"
	httpd_config
	# tini takes in what the programs leave behind (last_breath): process 1 of
	# a container often does not.
	as_runner setsid -f tini -s -- apache2 -f "$VAR/httpd.conf" -DFOREGROUND \
		>"$VAR/log/start.log" 2>&1 </dev/null
	for ((i = 0; i < 100; i++)); do
		port_taken "$PORT" && touch "$VAR/run/httpd.started" && return 0
		sleep 0.05
	done
	cat "$VAR/log/start.log" >&2
	tail -n 5 "$VAR/log/error.log" >&2
	fail "Apache does not start"
}

httpd_changed() {
	[ -n "$(find etc/httpd -newer "$VAR/run/httpd.started" 2>/dev/null)" ]
}

httpd_stop() {
	stop_by "$VAR/run/httpd.pid" apache2
}

# prepare: what every instance of this tree shares. npm and the compiler want
# nothing of each other.
prepare() {
	local fetching
	install_packages etc/packages.txt
	(install_node_modules) &
	fetching=$!
	build_here
	wait "$fetching" || exit
}

start_instance() {
	make_secrets
	make_pay_keys
	make_config
	db_start
	make_database
	fill_database
	make_staff
	mail_start
	httpd_start
}

# start_all: everything but the talking.
start_all() {
	make_var
	claim_ports
	prepare
	start_instance
}

dev_up() {
	start_all
	cron_start
	progress "ready"
	tell
}

tell() {
	local entry="http://127.0.0.1:$PORT/apply/start?project=gzgjj"
	cat <<-END

	For applicants  $entry
	For staff       http://127.0.0.1:$((PORT + 1))/clerk/login
	Mailbox         http://127.0.0.1:$((PORT + 3))
	END
	if [ -f "$VAR/demo-staff.txt" ]; then
		echo "Demo log-ins    (name, password)"
		as_runner sed 's/^/                /' "$VAR/demo-staff.txt"
	fi
	echo
	if command -v qrencode >/dev/null; then
		qrencode -t UTF8 -m 2 "$entry"
	fi
	echo "Stop with ./dev down; tests with ./dev check"
}

dev_down() {
	cron_stop
	httpd_stop
	mail_stop
	db_stop
}

dev_reset() {
	dev_down
	[ ! -d "$VAR" ] || [ -d "$VAR/run" ] || fail "$VAR does not look like an instance"
	rm -rf "$VAR"
}

dev_log() {
	exec tail -n 20 -F "$VAR/log/error.log" "$VAR/log/access.log" "$VAR/log/mariadb.log" \
		"$VAR/log/cron.log"
}

dev_env() {
	local login password name
	cat <<-END
	export YJ_PUBLIC_URL='http://127.0.0.1:$PORT'
	export YJ_INTRANET_URL='http://127.0.0.1:$((PORT + 1))'
	export YJ_MAIL_URL='http://127.0.0.1:$((PORT + 3))'
	export YJ_DB_SOCKET='$SOCKET'
	export YJ_DB_SUPER='$RUN_AS'
	export YJ_CONFIG='$CONFIG'
	export YJ_TOP='$TOP'
	export YJ_BUILD='$BUILD'
	export YJ_VAR='$VAR'
	END
	[ -f "$VAR/demo-staff.txt" ] || return 0
	while read -r login password; do
		name=${login^^}
		echo "export YJ_${name}_LOGIN='$login'"
		echo "export YJ_${name}_PASSWORD='$password'"
	done < <(as_runner cat "$VAR/demo-staff.txt")
}
