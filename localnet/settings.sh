# shellcheck shell=bash
# Settings of one local network. Source it after tools/env.sh; everything can be set from outside.
#
#   LOCALNET_HOME        state, logs and pid files of this network            (localnet/run)
#   LOCALNET_CHAIN_ID    chain id                                              (mesg-local-1)
#   LOCALNET_BLOCK_TIME  pause between two blocks, CometBFT's timeout_commit   (500ms)
#   LOCALNET_VALIDATORS  validators of the chain, 1 to 9, each a node of its own; fixed when the chain is made (1)
#   LOCALNET_PORT        first of six consecutive ports: RPC, P2P, REST, gRPC, beacon, faucet; two more for each further
#                        validator, RPC and P2P (unset: the usual ones, 26657 26656 1317 9090 8900 8000, then from 26760)
#   BEACON_PERIOD        seconds of a beacon round                             (3)
#   BEACON_GENESIS       unix seconds of round 1                               (when the beacon's home is made)
#   FAUCET_COOLDOWN      seconds between two credits to one address            (5)

mkdir -p "${LOCALNET_HOME:=$MESG_ROOT/localnet/run}"
LOCALNET_HOME=$(cd "$LOCALNET_HOME" && pwd -P)
: "${LOCALNET_CHAIN_ID:=mesg-local-1}" "${LOCALNET_BLOCK_TIME:=500ms}"
: "${LOCALNET_VALIDATORS:=1}"
: "${BEACON_PERIOD:=3}" "${BEACON_GENESIS:=}" "${FAUCET_COOLDOWN:=5}"
if [ -n "${LOCALNET_PORT:-}" ]; then
  RPC_PORT=$LOCALNET_PORT P2P_PORT=$((LOCALNET_PORT + 1)) REST_PORT=$((LOCALNET_PORT + 2))
  GRPC_PORT=$((LOCALNET_PORT + 3)) BEACON_PORT=$((LOCALNET_PORT + 4)) FAUCET_PORT=$((LOCALNET_PORT + 5))
  FURTHER_PORT=$((LOCALNET_PORT + 6))
else
  RPC_PORT=26657 P2P_PORT=26656 REST_PORT=1317 GRPC_PORT=9090 BEACON_PORT=8900 FAUCET_PORT=8000 FURTHER_PORT=26760
fi

# node_names: the nodes of this network, one a validator: node, node1, node2, ...
node_names() {
  local number
  echo node
  for ((number = 1; number < LOCALNET_VALIDATORS; number++)); do echo "node$number"; done
}

# rpc_port NODE, p2p_port NODE: ports of the node with that name.
rpc_port() { if [ "$1" = node ]; then echo "$RPC_PORT"; else echo $((FURTHER_PORT + 2 * (${1#node} - 1))); fi; }
p2p_port() { if [ "$1" = node ]; then echo "$P2P_PORT"; else echo $(($(rpc_port "$1") + 1)); fi; }

export LOCALNET_HOME LOCALNET_CHAIN_ID LOCALNET_BLOCK_TIME LOCALNET_VALIDATORS BEACON_PERIOD BEACON_GENESIS FAUCET_COOLDOWN
export RPC_PORT P2P_PORT REST_PORT GRPC_PORT BEACON_PORT FAUCET_PORT FURTHER_PORT
