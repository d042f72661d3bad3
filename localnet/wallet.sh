# shellcheck shell=bash
# Transactions of the published test accounts with wasmd's own command line. Source it after settings.sh; needs a running node.

address_of() {
  jq -er --arg name "$1" '.accounts[] | select(.name == $name).address' "$MESG_ROOT/localnet/test-accounts.json"
}

# balance_of ADDRESS DENOM
balance_of() {
  curl -sf --max-time 10 "http://127.0.0.1:$REST_PORT/cosmos/bank/v1beta1/balances/$1/by_denom?denom=$2" | jq -er .balance.amount
}

# send ACCOUNT MODULE COMMAND ARGUMENTS...: signs and sends `wasmd tx MODULE COMMAND ...` as ACCOUNT, waits until it is in a
# block, prints the transaction with its events as JSON; fails when the chain refused it.
send() {
  local account=$1 wasmd keyring tx hash code
  shift
  wasmd=$("$MESG_ROOT/localnet/build")
  keyring=$LOCALNET_HOME/keyring
  if ! "$wasmd" keys show "$account" --keyring-backend test --keyring-dir "$keyring" >/dev/null 2>&1; then
    jq -er --arg name "$account" '.accounts[] | select(.name == $name).mnemonic' "$MESG_ROOT/localnet/test-accounts.json" |
      "$wasmd" keys add "$account" --recover --keyring-backend test --keyring-dir "$keyring" >/dev/null 2>&1
  fi
  tx=$("$wasmd" tx "$@" --from "$account" --keyring-backend test --keyring-dir "$keyring" \
    --chain-id "$LOCALNET_CHAIN_ID" --node "http://127.0.0.1:$RPC_PORT" \
    --gas auto --gas-adjustment 1.4 --gas-prices 0.025ucosm --yes --output json)
  hash=$(jq -er .txhash <<<"$tx")
  code=$(jq -er .code <<<"$tx")
  if [ "$code" = 0 ]; then
    tx=$("$wasmd" query wait-tx "$hash" --node "http://127.0.0.1:$RPC_PORT" --timeout 30s --output json)
    code=$(jq -er .code <<<"$tx")
  fi
  if [ "$code" != 0 ]; then
    jq -r .raw_log <<<"$tx" >&2
    return 1
  fi
  echo "$tx"
}
