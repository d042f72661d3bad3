# shellcheck shell=bash
# A real network of its own for tests of the agent: a wasmd node, a beacon, the contracts, one service, and the agents of four
# operators with three runners each, which meet off chain. Source it after tools/env.sh and tools/count.sh in the project's
# directory, with `service` set to one of services/. Everything is stopped at exit; logs are kept if a check failed.
# Needs what `tools/setup` and `tools/wasm` make.

operators=(1 2 3 4)
home=$(mktemp -d)
LOCALNET_HOME=$home/localnet
LOCALNET_PORT=$(tools/free-ports 10)
export LOCALNET_HOME LOCALNET_PORT
mkdir "$LOCALNET_HOME"
. localnet/settings.sh
export MESG_NETWORK=local MESG_NODE=http://127.0.0.1:$RPC_PORT MESG_DEPLOYMENT=$home/deployment.json
agent=$home/runner-agent
mesg() { node scripts/bin/mesg.js "$@"; }

stop_all() {
  local pid_file
  for pid_file in "$home"/agents/*/pid; do
    [ ! -s "$pid_file" ] || kill "$(cat "$pid_file")" 2>/dev/null || true
  done
  localnet/stop >/dev/null 2>&1 || true
  # shellcheck disable=SC2154 # of tools/count.sh
  if [ "$failed" -eq 0 ]; then rm -rf "$home"; else echo "logs are in $home" >&2; fi
}
trap stop_all EXIT

mnemonic_of() { jq -er --arg name "$1" '.accounts[] | select(.name == $name).mnemonic' localnet/test-accounts.json; }

# owners_of NUMBER: the names of the stake owners of an operator's three runners.
owners_of() { echo "owner$(($1 * 3 - 2)) owner$(($1 * 3 - 1)) owner$(($1 * 3))"; }

# addresses_of NAME...: as a JSON list.
addresses_of() { jq -c '[.accounts[] | select(.name | IN($ARGS.positional[])).address]' localnet/test-accounts.json --args "$@"; }

build() {
  cargo build --locked --quiet -p mesg-runner-agent && cp "$CARGO_TARGET_DIR/debug/runner-agent" "$agent"
}

# Where an operator's agent meets the others off chain.
listen() { echo "127.0.0.1:$((LOCALNET_PORT + 5 + $1))"; }

# configure NUMBER [RUNNERS]: the agent of an operator, for all its runners or for these, which also relays, ticks and cranks.
# Large outputs are shown as files.
configure() {
  local directory=$home/agents/$1 market owners
  mkdir -p "$directory"
  (umask 077 && mnemonic_of "operator$1" >"$directory/mnemonic")
  market=$(jq -er '.contracts."execution-market".address' "$MESG_DEPLOYMENT")
  # shellcheck disable=SC2046 # one word each
  owners=$(addresses_of $(owners_of "$1"))
  cat >"$directory/agent.toml" <<TOML
data_dir = "data"
runners = ${2:-{ owners = $owners \}}
chain = { id = "$LOCALNET_CHAIN_ID", endpoints = ["$MESG_NODE"], prefix = "wasm", market = "$market", gas_price = "0.025ucosm", max_gas_price = "0.1ucosm", poll_ms = 500 }
operator = { mnemonic = { file = "mnemonic" } }
roles = { tick = true, turns = 2, relay = { beacons = ["http://127.0.0.1:$BEACON_PORT"] } }
work = { file_roots = ["$MESG_ROOT/services", "$home"], allow_private_addresses = true }
blobs = { base_url = "file://$directory/data/blobs/" }
exchange = { listen = "$(listen "$1")" }
TOML
  "$agent" config check "$directory/agent.toml"
}

start() {
  local directory=$home/agents/$1
  setsid "$agent" run "$directory/agent.toml" >>"$directory/log" 2>&1 </dev/null &
  echo $! >"$directory/pid"
  disown
}

# register NUMBER: three runners of an operator, each with a stake owner and an attestation key of its own.
register() {
  local keys owner position=0
  keys=$("$agent" key show --config "$home/agents/$1/agent.toml" --attestation --accounts 3 | jq -r .public_key)
  for owner in $(owners_of "$1"); do
    position=$((position + 1))
    # shellcheck disable=SC2154 # whoever sources this has set it
    mesg --key "$owner" runner register "$service" --operator "operator$1" --bond 1000 --opt-in --endpoint "http://$(listen "$1")" \
      --attestation-key "$(sed -n "${position}p" <<<"$keys")"
  done
}

set_up() {
  local number
  mesg --key deployer deploy --beacon "http://127.0.0.1:$BEACON_PORT" &&
    mesg --key dev1 service publish --t-challenge 5 "services/$service/service.yaml"
  for number in "${operators[@]}"; do
    configure "$number" && register "$number" && start "$number"
  done
}

# An execution, paid by alice.
request() {
  case $service in
    csv-report) mesg --key alice run csv-report/report --text csv=services/csv-report/data/penguins-sample.csv ;;
    assignment) mesg --key alice run assignment/solve --input <(echo '{"costs":[[9,2,7,8],[6,4,3,7],[5,8,1,8]]}') ;;
  esac
}

# Seats count from the next epoch on; until then requests are refused.
first_request() {
  local tries=30
  until request; do
    [ $((tries -= 1)) -gt 0 ] && sleep 5 || return 1
  done
}

phase() { mesg execution show "$1" | tee /dev/stderr | awk '$1 == "phase" { sub(/:$/, "", $2); print $2 }'; }

# comes_to NUMBER PHASES TRIES: whether the execution gets to one of the phases, a|b, in that many looks, 3 s apart.
comes_to() {
  local tries=$3
  until [[ $(phase "$1") =~ ^($2)$ ]]; do
    [ $((tries -= 1)) -gt 0 ] && sleep 3 || return 1
  done
}

ends_finalized() { comes_to "$1" finalized 40 && mesg execution show "$1" | grep -Eq '^penalties +0 MESG'; }

# Certificates that the market took, in the agents' logs.
some_were_certified() { grep -qE '"taken":"?\[[^]]*certify/' "$home"/agents/*/log; }
