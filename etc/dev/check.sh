# check.sh: tests, measurements and fuzzing. Sourced by ./dev.
# shellcheck shell=bash

# free_port: the first of four ports in a row that nobody listens on.
free_port() {
	local port
	while :; do
		port=$((20000 + 4 * (RANDOM % 5000)))
		port_taken "$port" || port_taken $((port + 1)) || port_taken $((port + 2)) ||
			port_taken $((port + 3)) || break
	done
	echo "$port"
}

# use_instance FOLDER: the rest of this run works on another instance.
# shellcheck disable=SC2034
use_instance() {
	VAR=$1
	SOCKET=$VAR/db.sock
	CONFIG=$VAR/yuanjian.conf
	PORT=$(free_port)
	export YJ_VAR=$VAR
}

# matching NAME...: tests whose path has one of the names in it; all without.
matching() {
	local test name
	while read -r test; do
		[ $# -gt 0 ] || echo "$test"
		for name in "$@"; do
			case $test in *"$name"*) echo "$test" && break ;; esac
		done
	done
}

# Unit tests are programs, the others Perl; all speak TAP.
all_tests() {
	make -s -C "$BUILD" --no-print-directory print-check-programs |
		tr ' ' '\n' | sed "s|^|$BUILD/|"
	find t -name '*.t' | sort
}

dev_check() {
	check_with all_tests "$@"
}

# The tests that kill and break things, in their full counts.
fault_tests() {
	find t/fault -name '*.t' | sort
	echo t/outbox/kill.t
	echo t/pay/streams.t
}

dev_fault() {
	export YJ_KILLS=${YJ_KILLS:-200} YJ_OUTBOX_ROWS=${YJ_OUTBOX_ROWS:-1000} \
		YJ_STREAMS=${YJ_STREAMS:-10000}
	check_with fault_tests "$@"
}

# check_with LIST NAME...: those tests of a list whose path has one of the
# names in it, on an instance of their own.
check_with() {
	local -a tests
	local list=$1
	shift
	make_var
	install_packages etc/packages.txt
	use_instance "$VAR/check"
	trap 'dev_down' EXIT
	[ ! -d "$VAR" ] || dev_reset
	start_all
	progress "building the unit tests"
	make -s -j"$JOBS" -C "$BUILD" check-programs >"$VAR/log/check-build.log" 2>&1 ||
		{ tail -n 40 "$VAR/log/check-build.log" >&2; fail "the unit tests do not build"; }
	mapfile -t tests < <("$list" | matching "$@")
	[ ${#tests[@]} -gt 0 ] || fail "no test has such a name"
	eval "$(dev_env)"
	progress "running ${#tests[@]} tests"
	run_prove "${tests[@]}"
}

run_prove() {
	CMOCKA_MESSAGE_OUTPUT=TAP YJ_FROM_DEV=1 tini -s -- prove -I t/lib --timer "$@" </dev/null
}

dev_bench() {
	local name=${1:-}
	if [ -z "$name" ]; then
		for name in t/bench/*; do
			[ ! -f "$name" ] || [ ! -x "$name" ] || dev_bench "$(basename "$name")"
		done
		return
	fi
	[ -x "t/bench/$name" ] || fail "there is no t/bench/$name"
	start_all
	[ ! -f etc/packages-bench.txt ] || install_packages etc/packages-bench.txt
	eval "$(dev_env)"
	"t/bench/$name"
}

# A fuzz target is t/fuzz/NAME.c; what it finds goes to t/fuzz/corpus/NAME.
dev_fuzz() {
	local seconds=60 target folder=$BUILD-fuzz
	local -a targets=() seeds
	for target in "$@"; do
		case $target in
		*[!0-9]*) targets+=("$target") ;;
		*) seconds=$target ;;
		esac
	done
	make_var
	install_packages etc/packages.txt
	build_in "$folder" CC=clang --enable-fuzzing
	make -s -j"$JOBS" -C "$folder" fuzz-programs
	[ ${#targets[@]} -gt 0 ] ||
		mapfile -t targets < <(find t/fuzz -maxdepth 1 -name '*.c' -printf '%f\n' | sed 's/\.c$//' | sort)
	for target in "${targets[@]}"; do
		progress "fuzzing $target for $seconds s"
		mkdir -p "$VAR/fuzz/$target"
		seeds=()
		[ ! -d "t/fuzz/corpus/$target" ] || seeds=("t/fuzz/corpus/$target")
		"$folder/t/fuzz/$target" -max_total_time="$seconds" -print_final_stats=1 \
			-artifact_prefix="$VAR/fuzz/$target-" "$VAR/fuzz/$target" \
			"${seeds[@]}" 2>&1 |
			grep -E 'stat::number_of_executed_units|ERROR|SUMMARY|Test unit written'
		[ "${PIPESTATUS[0]}" -eq 0 ] || fail "$target crashed; the input is in $VAR/fuzz"
	done
}
