# shellcheck shell=bash
# Background processes of one local network: started once, known by a pid file in $LOCALNET_HOME, ended by that pid only.
# Source it after LOCALNET_HOME is set. NAME.pid holds the pid and, in its second line, when that process was started:
# a pid can be given to another program later.

# started PID: the start time of a living process in clock ticks since boot, nothing for one that is gone.
started() {
  # The second field is the command in parentheses and may hold blanks; the start time is the 20th after it.
  sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | cut -d' ' -f20
}

# running NAME: true while the very process that launch started lives.
running() {
  local pid_file=$LOCALNET_HOME/$1.pid pid start
  [ -s "$pid_file" ] || return 1
  { read -r pid && read -r start; } <"$pid_file"
  [ -n "$start" ] && [ "$(started "$pid")" = "$start" ]
}

# launch NAME COMMAND...: runs COMMAND detached, output to NAME.log.
launch() {
  local name=$1
  shift
  setsid "$@" </dev/null >>"$LOCALNET_HOME/$name.log" 2>&1 &
  printf '%s\n%s\n' "$!" "$(started "$!")" >"$LOCALNET_HOME/$name.pid"
}

# wait_until NAME SECONDS CONDITION...: polls CONDITION; fails with the end of the log when NAME dies or time is up.
wait_until() {
  local name=$1 end=$((SECONDS + $2))
  shift 2
  until "$@"; do
    if ! running "$name" || [ "$SECONDS" -ge "$end" ]; then
      echo "localnet: $name did not come up; the end of $LOCALNET_HOME/$name.log:" >&2
      tail -n 15 "$LOCALNET_HOME/$name.log" >&2
      halt "$name"
      return 1
    fi
    sleep 0.1
  done
}

# halt NAME: asks the process to end, insists after 20 seconds, removes the pid file. Nothing happens if it is not running.
halt() {
  local pid end=$((SECONDS + 20))
  if running "$1"; then
    read -r pid <"$LOCALNET_HOME/$1.pid"
    kill -TERM "$pid"
    while running "$1"; do
      [ "$SECONDS" -lt "$end" ] || kill -KILL "$pid" 2>/dev/null || true
      sleep 0.1
    done
  fi
  rm -f "$LOCALNET_HOME/$1.pid"
}
