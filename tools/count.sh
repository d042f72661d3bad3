# shellcheck shell=bash
# Counting checks. A part of the test run sources this, counts what it checks, and ends with `finish`, which adds its numbers
# to the file $TEST_COUNTS if tools/test set it, and fails if a check failed.

passed=0
failed=0

# count PASSED FAILED: adds the numbers of a runner that counts by itself.
count() {
  passed=$((passed + $1))
  failed=$((failed + $2))
}

# check NAME COMMAND...: one check. The command's output is shown only when it fails.
check() {
  local name=$1 log start=$SECONDS
  shift
  log=$(mktemp)
  if "$@" >"$log" 2>&1 </dev/null; then
    echo "ok      $name ($((SECONDS - start)) s)"
    count 1 0
  else
    echo "FAILED  $name: $*"
    cat "$log"
    count 0 1
  fi
  rm -f "$log"
}

# cargo_tests ARGUMENTS...: `cargo test ARGUMENTS`, each test counted.
cargo_tests() {
  local log status=0 numbers
  log=$(mktemp)
  cargo test --quiet --no-fail-fast "$@" 2>&1 </dev/null | tee "$log" || status=$?
  # One line per test binary: "test result: ok. 12 passed; 0 failed; ...".
  numbers=$(awk '/^test result: / { for (i = 2; i <= NF; i++) { if ($i ~ /^passed/) p += $(i - 1); if ($i ~ /^failed/) f += $(i - 1) } }
    END { print p + 0, f + 0 }' "$log")
  rm -f "$log"
  # shellcheck disable=SC2086 # two numbers
  count $numbers
  # What did not compile, or crashed, has no line of its own.
  if [ "$status" -ne 0 ] && [ "${numbers#* }" -eq 0 ]; then
    echo "FAILED  cargo test $* ended with status $status"
    count 0 1
  fi
}

# finish: the last line of a part.
finish() {
  echo "$(basename "$0"): $passed ok, $failed not ok"
  [ -z "${TEST_COUNTS:-}" ] || echo "$passed $failed" >>"$TEST_COUNTS"
  [ "$failed" -eq 0 ]
}
