# check.sh: tests, measurements and fuzzing. Sourced by ./dev.
# shellcheck shell=bash

# Jobs beside the lanes, for tests that need no instance.
FILLERS=2

# free_port: the first of four free ports in a row.
free_port() {
	local port
	while :; do
		port=$((20000 + 4 * (RANDOM % 5000)))
		port_taken "$port" || port_taken $((port + 1)) || port_taken $((port + 2)) ||
			port_taken $((port + 3)) || break
	done
	echo "$port"
}

# use_instance FOLDER: the rest of this shell works on another instance.
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

# Unit tests are programs, the others Perl; all speak TAP. Those of t/full need
# half an hour each, or another machine's whole system.
all_tests() {
	make -s -C "$BUILD" --no-print-directory print-check-programs |
		tr ' ' '\n' | sed "s|^|$BUILD/|"
	find t -name '*.t' -not -path 't/full/*' | sort
	[ -z "${YJ_FULL:-}" ] || find t/full -name '*.t' | sort
}

# The tests that kill and break things.
fault_tests() {
	find t/fault -name '*.t' | sort
	echo t/outbox/kill.t
	echo t/pay/streams.t
}

# Everything in the numbers that a release is held to, rather than a change.
full_counts() {
	export YJ_FULL=1 YJ_KILLS=${YJ_KILLS:-200} YJ_OUTBOX_ROWS=${YJ_OUTBOX_ROWS:-1000} \
		YJ_STREAMS=${YJ_STREAMS:-10000} YJ_GOOD_UPLOADS=${YJ_GOOD_UPLOADS:-500} \
		YJ_BAD_UPLOADS=${YJ_BAD_UPLOADS:-2000} YJ_BAD_CLIPS=${YJ_BAD_CLIPS:-500} \
		YJ_MARKED=${YJ_MARKED:-5}
}

dev_check() {
	if [ "${1:-}" = --full ]; then
		shift
		full_counts
	fi
	check_with all_tests "$@"
}

dev_fault() {
	full_counts
	check_with fault_tests "$@"
}

# check_with LIST NAME...: those tests of a list whose path has one of the
# names in it, in lanes (t/lib/Yj/Lanes.pm): each an instance of its own.
check_with() {
	local -a tests
	local list=$1 status=0
	shift
	use_instance "$VAR/check"
	make_var
	prepare
	[ -z "${YJ_FULL:-}" ] || install_packages etc/packages-full.txt
	build_tests
	mapfile -t tests < <("$list" | matching "$@")
	[ ${#tests[@]} -gt 0 ] || fail "no test has such a name"
	trap 'each_lane dev_down' EXIT
	each_lane dev_reset
	start_lanes "$(lane_count "${tests[@]}")"
	progress "running ${#tests[@]} tests"
	run_tests "${tests[@]}" || status=$?
	progress "done"
	return "$status"
}

build_tests() {
	progress "building the unit tests"
	make -s -j"$JOBS" -C "$BUILD" check-programs >"$VAR/log/check-build.log" 2>&1 ||
		{ tail -n 40 "$VAR/log/check-build.log" >&2; fail "the unit tests do not build"; }
}

# lane_count TEST...: as many as there are tests that need one; one more than
# processors, since a test waits most of its time.
lane_count() {
	local needing most=${YJ_LANES_MAX:-$((JOBS + 1))}
	needing=$(printf '%s\n' "${@#"$BUILD/"}" |
		grep -vxcFf <(awk -F'\t' '$2 == "none" { print $1 }' t/lanes.tsv)) || true
	echo $((needing < most ? needing : most))
}

lane_folders() {
	find "$VAR" -maxdepth 1 -name 'lane-*' | sort
}

# start_lanes COUNT: all at once.
start_lanes() {
	local i status=0
	local -a starting=()
	[ "$1" -gt 0 ] || return 0
	progress "starting $1 instances"
	for ((i = 1; i <= $1; i++)); do
		(start_lane "$VAR/lane-$i") >"$VAR/log/lane-$i.log" 2>&1 &
		starting+=($!)
	done
	for ((i = 1; i <= $1; i++)); do
		wait "${starting[i - 1]}" || { status=1; tail -n 20 "$VAR/log/lane-$i.log" >&2; }
	done
	[ "$status" -eq 0 ] || fail "an instance does not start"
}

start_lane() {
	use_instance "$1"
	make_var
	start_instance
	dev_env | write_private "$VAR/env"
}

# each_lane COMMAND: in every lane that is there or was left.
each_lane() {
	local folder
	for folder in $(lane_folders); do
		(use_instance "$folder" && "$1")
	done
}

run_tests() {
	local lanes
	lanes=$(lane_folders)
	PERL5LIB=$TOP/t/lib YJ_LANES=$lanes YJ_FILLERS=$FILLERS YJ_TOP=$TOP CMOCKA_MESSAGE_OUTPUT=TAP \
		YJ_FROM_DEV=1 tini -s -g -p SIGTERM -- prove --harness Yj::Lanes -j $(($(wc -w <<<"$lanes") + FILLERS)) \
		--timer "$@" </dev/null
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
