# database.sh: a private MariaDB, its accounts, schema and demo rows. Sourced by ./dev.
# shellcheck shell=bash

PARTS=(apply clerk admin push cron owner)
STAFF=(clerk1:clerk:审核员甲 clerk2:clerk:审核员乙 producer1:producer:制证员甲
	admin1:admin:管理员甲 auditor1:auditor:审计员甲
	accountant1:accountant:财务员甲 accountant2:accountant:财务员乙)

# The messages that WeChat may carry.
MESSAGES=(order_confirmed refused resubmitted approved produced shipped completed cancelled expired
	identity_accepted identity_refused paid refunded identity_passed parcel_returned identity_unsure
	reminder rejected identity_failed identity_repeat identity_again)

# The account that may do everything; it logs in by being the runner's user.
db_super() {
	as_runner mariadb --no-defaults --socket="$SOCKET" --user="$RUN_AS" \
		--default-character-set=utf8mb4 "$@"
}

db_start() {
	local i lines
	alive "$VAR/run/mariadbd.pid" && return 0
	# a server that starts deletes what it takes for its own in a shared folder
	as_runner mkdir -p "$VAR/db-tmp"
	if [ ! -d "$VAR/db/mysql" ]; then
		progress "creating the database folder"
		as_runner env TMPDIR="$VAR/db-tmp" mariadb-install-db --defaults-file="$TOP/etc/mariadb/demo.cnf" \
			--datadir="$VAR/db" --skip-test-db \
			--auth-root-authentication-method=socket \
			--auth-root-socket-user="$RUN_AS" >"$VAR/log/install-db.log" 2>&1 ||
			fail "mariadb-install-db failed, see $VAR/log/install-db.log"
	fi
	progress "starting MariaDB"
	lines=$(wc -l 2>/dev/null <"$VAR/log/mariadb.log" || echo 0)
	# shellcheck disable=SC2016
	as_runner env TMPDIR="$VAR/db-tmp" setsid sh -c '"$@" </dev/null >"$0/log/mariadb-start.log" 2>&1 &
		echo $! >"$0/run/mariadbd.pid"' "$VAR" mariadbd --defaults-file="$TOP/etc/mariadb/demo.cnf" \
		--datadir="$VAR/db" --socket="$SOCKET" --pid-file="$VAR/run/mariadbd.own.pid" \
		--log-error="$VAR/log/mariadb.log" \
		--innodb-buffer-pool-size="${YJ_DB_POOL:-96M}"
	for ((i = 0; i < 300; i++)); do
		db_super -e 'SELECT 1' >/dev/null 2>&1 && return 0
		alive "$VAR/run/mariadbd.pid" || break
		sleep 0.1
	done
	# only what this start has said
	{ cat "$VAR/log/mariadb-start.log"
	tail -n "+$((lines + 1))" "$VAR/log/mariadb.log" 2>/dev/null; } | tail -n 10 >&2
	fail "MariaDB does not start, see $VAR/log/mariadb.log"
}

db_stop() {
	stop_by "$VAR/run/mariadbd.pid" mariadbd
}

# add_secret KEY VALUE: to an instance that was made before there was such a key.
add_secret() {
	local old
	old=$(as_runner cat "$VAR/secrets.conf")
	case $'\n'$old in *$'\n'"$1 = "*) return 0 ;; esac
	printf '%s\n%s = %s\n' "$old" "$1" "$2" | write_private "$VAR/secrets.conf"
}

# The same for the vault's key for faces.
add_face_key() {
	local old
	old=$(as_runner cat "$VAR/keyring")
	case $'\n'$old in *$'\n1 face '*) return 0 ;; esac
	printf '%s\n1 face %s\n' "$old" "$(random_hex 32)" | write_private "$VAR/keyring"
}

# One random password a part, and the keys of the vault. Made once.
make_secrets() {
	local part
	[ -f "$VAR/secrets.conf" ] || {
		for part in "${PARTS[@]}"; do
			echo "db_password_$part = $(random_hex 20)"
		done
		echo "wechat_secret = $(random_hex 16)"
	} | write_private "$VAR/secrets.conf"
	add_secret wechat_token "$(random_hex 12)"
	add_secret wechat_aes_key "$(head -c 32 /dev/urandom | base64 | tr -d '=\n')"
	add_secret faceid_secret_key "$(random_hex 16)"
	add_secret nuonuo_app_secret "$(random_hex 8)"
	[ -f "$VAR/keyring" ] ||
		printf '1 seal %s\n1 index %s\n' "$(random_hex 32)" "$(random_hex 32)" |
		write_private "$VAR/keyring"
	add_face_key
}

# The merchant of the demo and the sim that stands in for WeChat Pay: each has
# its private keys, and knows the other's public ones. Made once.
make_pay_keys() {
	local folder=$VAR/sim
	# an instance that was made when the folder was called so
	[ -d "$folder" ] || [ ! -d "$VAR/sandbox" ] || mv "$VAR/sandbox" "$folder"
	add_secret wechatpay_apiv3_key "$(random_hex 16)"
	[ ! -f "$VAR/wechatpay-public.pem" ] || return 0
	# shellcheck disable=SC2016
	as_runner sh -ec 'umask 077; mkdir -p "$2" "$1/wechatpay-certificates"
		for key in "$1/wechatpay-key.pem" "$2/wechatpay-platform.key" "$2/wechatpay-certificate.key"; do
			openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out "$key" 2>/dev/null
		done
		openssl pkey -in "$1/wechatpay-key.pem" -pubout -out "$2/wechatpay-merchant.pem"
		openssl req -x509 -new -key "$2/wechatpay-certificate.key" -days 1825 -set_serial "0x5$3" \
			-subj "/CN=WeChat Pay of the demo" -out "$2/wechatpay-certificate.pem"
		openssl x509 -in "$2/wechatpay-certificate.pem" -noout -serial | sed "s/^serial=//" \
			>"$2/wechatpay-certificate.serial"
		openssl pkey -in "$2/wechatpay-platform.key" -pubout -out "$1/wechatpay-public.pem"
		' - "$VAR" "$folder" "$(random_hex 19)1" || fail "the keys of WeChat Pay cannot be made"
}

# The serial number of a certificate that the demo's merchant does not need.
pay_serial() {
	as_runner openssl pkey -pubin -in "$VAR/sim/wechatpay-merchant.pem" -outform DER |
		sha1sum | cut -c 1-40 | tr a-f A-F
}

make_config() {
	write_private "$CONFIG" <<-END
	# Written by ./dev up.
	public_url = http://127.0.0.1:$PORT
	intranet_url = http://127.0.0.1:$((PORT + 1))
	db_socket = $SOCKET
	db_name = yuanjian
	secrets_file = $VAR/secrets.conf
	keyring_file = $VAR/keyring
	scan_normaliser = $(built scan-normalise || echo "$BUILD/scan-normalise")
	print_fonts = $BUILD/lib/print
	video_seal = $(built video-seal || echo "$BUILD/video-seal")
	demo = yes
	last_breath = yes
	smtp_url = smtp://127.0.0.1:$((PORT + 2))
	smtp_tls = no
	mail_from = ca@yuanjian.example
	mail_bounce = bounce@yuanjian.example
	desk_email = desk@yuanjian.example
	wechat_appid = wxdemo0000000000
	wechat_authorize_url = http://127.0.0.1:$PORT/sim/wechat/connect/oauth2/authorize
	wechat_api_url = http://127.0.0.1:$PORT/sim/wechat
	faceid_secret_id = AKIDdemo0000000000
	faceid_rule_id = 1
	faceid_api_url = http://127.0.0.1:$PORT/sim/faceid
	invoice_provider = nuonuo
	invoice_seller_name = 演示数字证书认证有限公司
	invoice_seller_tax_number = 91360700MA35DXMA0Y
	invoice_goods_name = 数字证书服务费
	invoice_goods_code = 3040299000000000000
	invoice_clerk = 演示开票员
	invoice_pdf_hosts = 127.0.0.1
	nuonuo_app_key = 10000001
	nuonuo_api_url = http://127.0.0.1:$PORT/sim/nuonuo/open/v1/services
	nuonuo_token_url = http://127.0.0.1:$PORT/sim/nuonuo/accessToken
	wechat_js_url = http://127.0.0.1:$PORT/static/sim/jweixin.js
	wechatpay_mchid = 1900000001
	wechatpay_serial = $(pay_serial)
	wechatpay_key_file = $VAR/wechatpay-key.pem
	wechatpay_public_key_file = $VAR/wechatpay-public.pem
	wechatpay_public_key_id = PUB_KEY_ID_0119000000012026010100000001
	wechatpay_certificate_dir = $VAR/wechatpay-certificates
	wechatpay_api_url = http://127.0.0.1:$PORT/sim/wechatpay
	END
}

# The empty database and its owner, who makes the rest.
make_database() {
	local password
	password=$(as_runner sed -n 's/^db_password_owner = //p' "$VAR/secrets.conf")
	db_super <<-END
	CREATE DATABASE IF NOT EXISTS yuanjian CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
	CREATE USER IF NOT EXISTS yj_owner@localhost IDENTIFIED BY '$password';
	GRANT ALL ON yuanjian.* TO yj_owner@localhost WITH GRANT OPTION;
	GRANT CREATE USER ON *.* TO yj_owner@localhost;
	END
}

# Tables, accounts, regions, the demo project: each step leaves alone what is there.
fill_database() {
	dev_migrate up >&2
	dev_migrate accounts >/dev/null
	dev_migrate regions "$TOP/schema/regions.tsv" >&2
	dev_tool yuanjian-project apply "$TOP/schema/projects/gzgjj.xml" >>"$VAR/log/project.log" 2>&1 ||
		{ tail -n 5 "$VAR/log/project.log" >&2; fail "the demo project cannot be made"; }
	demo_templates
}

# Message templates that the sim of WeChat takes: any id of 43 characters.
# Those that are there stay as they are.
demo_templates() {
	local channel kind id there fields
	local demo='thing1=project thing2=company phrase3=status thing4=note time5=time'
	there=$(dev_tool yuanjian-wechat template) || fail "yuanjian-wechat cannot list the templates"
	there=" ${there//$'\n'/ } "
	for channel in template subscription; do
		for kind in "${MESSAGES[@]}"; do
			case $there in *" $channel $kind "* | *" lasting $kind "*) continue ;; esac
			printf -v id '%-43s' "demo-$channel-$kind"
			fields=$demo
			[ "$kind" != shipped ] || fields="character_string6=tracking $demo"
			echo "$channel $kind ${id// /0} $fields"
		done
	done | dev_tool yuanjian-wechat template - || fail "the demo's templates cannot be set"
}

# dev_tool NAME ARGUMENT...: a program for administrators, with the instance's config.
dev_tool() {
	local tool
	tool=$(built "$1") || fail "$1 is not built"
	as_runner env YJ_CONFIG="$CONFIG" YJ_SCHEMA="$TOP/schema" "$tool" "${@:2}"
}

dev_migrate() {
	dev_tool yuanjian-migrate "${@:-status}"
}

# Demo staff: random passwords, told by `up` and `env`.
make_staff() {
	local tool row login role name password
	tool=$(built yuanjian-staff) || return 0
	[ ! -f "$VAR/demo-staff.txt" ] || return 0
	for row in "${STAFF[@]}"; do
		IFS=: read -r login role name <<<"$row"
		password=$(random_hex 6)
		printf '%s' "$password" |
			as_runner env YJ_CONFIG="$CONFIG" "$tool" add "$login" "$role" "$name" \
			2>>"$VAR/log/staff.log" >&2 ||
			fail "yuanjian-staff add $login failed"
		echo "$login $password"
	done | write_private "$VAR/demo-staff.txt"
}

# Settings of the server while much is loaded, given back afterwards: memory for
# the indexes, a log that is not synced at each commit.
SEED_SETTINGS=(innodb_buffer_pool_size innodb_log_file_size innodb_flush_log_at_trx_commit)

seed_settings() {
	db_super -N -e "SELECT CONCAT_WS(' ', $(printf '@@%s, ' "${SEED_SETTINGS[@]}") '')"
}

seed_set() {
	local i=0 value
	for value in "$@"; do
		db_super -e "SET GLOBAL ${SEED_SETTINGS[i]} = $value" ||
			say "the server keeps its ${SEED_SETTINGS[i]}"
		i=$((i + 1))
	done
}

# A quarter of the memory that is free, at most 4 GB.
seed_pool() {
	local free
	free=$(sed -n 's/^MemAvailable: *\([0-9]*\) kB$/\1/p' /proc/meminfo)
	free=$((free * 256)) # of 1024 bytes
	[ "$free" -lt 4294967296 ] || free=4294967296
	echo "$free"
}

# dev_seed N: applications made up, in the demo's own database.
dev_seed() {
	local count=${1:-200} before=()
	case $count in
	'' | *[!0-9]* | 0*) fail "how many? ./dev seed 1000" ;;
	esac
	start_all
	progress "making $count applications"
	if [ "$count" -gt 10000 ]; then
		read -ra before <<<"$(seed_settings)"
		# shellcheck disable=SC2064
		trap "seed_set ${before[*]}" EXIT
		seed_set "$(seed_pool)" 536870912 0
	fi
	as_runner env YJ_CONFIG="$CONFIG" "$BUILD/t/seed/seed" "$TOP/t/seed/pictures" --mix "$count" \
		2> >(as_runner tee -a "$VAR/log/seed.log" | grep '^seed: ' >&2) ||
		{ tail -n 5 "$VAR/log/seed.log" >&2; fail "t/seed/seed failed"; }
	progress "made"
}

dev_sql() {
	if [ $# -gt 0 ]; then
		db_super yuanjian -e "$*"
	else
		db_super yuanjian
	fi
}
