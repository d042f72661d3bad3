/** Reading a chain and its contracts. */
import { CosmWasmClient } from "@cosmjs/cosmwasm";
import { Comet38Client } from "@cosmjs/tendermint-rpc";
import type { Unit } from "./amount.js";
import type { ContractName, QueryArgs, QueryName, QueryResponse } from "./contracts.js";
import { Failure, sentence } from "./failure.js";
import { addressOf, type Network } from "./network.js";

export class Connection {
  private constructor(
    readonly network: Network,
    readonly comet: Comet38Client,
    readonly client: CosmWasmClient,
  ) {}

  /** Connects to the network's node and makes sure that it is on the network's chain. */
  static async open(network: Network): Promise<Connection> {
    // The client is named: autodetection takes newer CometBFT versions for an older protocol.
    const comet = await Comet38Client.connect(network.rpc);
    const connection = new Connection(network, comet, CosmWasmClient.create(comet));
    const found = await connection.#chainId();
    if (found !== network.chain.chain_id) {
      throw new Failure(`the node at ${network.rpc} is on chain ${found}, expected ${network.chain.chain_id}`);
    }
    return connection;
  }

  async #chainId(): Promise<string> {
    try {
      return await this.client.getChainId();
    } catch (error) {
      throw new Failure(`the node at ${this.network.rpc} cannot be reached: ${sentence(error)}`);
    }
  }

  address(contract: ContractName): string {
    return addressOf(this.network, contract);
  }

  /** Asks a contract. */
  async query<C extends ContractName, Q extends QueryName<C>>(
    contract: C,
    name: Q,
    args: QueryArgs<C, Q>,
  ): Promise<QueryResponse<C, Q>> {
    return (await this.client.queryContractSmart(this.address(contract), { [name]: args })) as QueryResponse<C, Q>;
  }

  /** The token's symbol and decimals. */
  async unit(): Promise<Unit> {
    const { symbol, decimals } = await this.query("token", "token_info", {});
    return { symbol, decimals };
  }

  close(): void {
    this.comet.disconnect();
  }
}
