/** Signing and sending messages: simulate, take 1.4 times the gas at the chain's price, wait for the block. */
import { SigningCosmWasmClient, type MsgExecuteContractEncodeObject } from "@cosmjs/cosmwasm";
import { toBase64, toUtf8 } from "@cosmjs/encoding";
import type { EncodeObject, OfflineSigner } from "@cosmjs/proto-signing";
import { calculateFee, GasPrice, isDeliverTxFailure, type Event, type StdFee } from "@cosmjs/stargate";
import { MsgExecuteContract } from "cosmjs-types/cosmwasm/wasm/v1/tx";
import type { Connection } from "./connection.js";
import type { ContractName, ExecuteMsg, Hooks } from "./contracts.js";
import { chainSentence, Failure } from "./failure.js";
import { gasPrice, type Network } from "./network.js";

/** Gas asked for over gas simulated. */
export const GAS_MARGIN = 1.4;

/** What a transaction will cost at most. */
export interface Estimate {
  /** Gas that the simulation used. */
  readonly simulated: number;
  readonly fee: StdFee;
}

/** A transaction in a block. */
export interface Sent {
  readonly tx: string;
  readonly height: number;
  readonly gas_used: number;
  readonly events: readonly Event[];
}

export class Sender {
  private constructor(
    readonly connection: Connection,
    readonly address: string,
    readonly client: SigningCosmWasmClient,
    private readonly price: GasPrice,
  ) {}

  /** Sends for the first account of `signer`. */
  static async open(connection: Connection, signer: OfflineSigner): Promise<Sender> {
    const [account] = await signer.getAccounts();
    if (account === undefined) throw new Failure("the key has no account");
    const price = GasPrice.fromString(gasPrice(connection.network.chain));
    const client = SigningCosmWasmClient.createWithSigner(connection.comet, signer, {
      gasPrice: price,
      ...poll(connection.network),
    });
    return new Sender(connection, account.address, client, price);
  }

  /** A message to a contract. */
  execute<C extends ContractName>(contract: C, msg: ExecuteMsg<C>): MsgExecuteContractEncodeObject {
    const value = MsgExecuteContract.fromPartial({
      sender: this.address,
      contract: this.connection.address(contract),
      msg: toUtf8(JSON.stringify(msg)),
    });
    return { typeUrl: "/cosmwasm.wasm.v1.MsgExecuteContract", value };
  }

  /** A CW20 `Send` of tokens that tells the receiving contract what they are for. */
  sendTokens<C extends keyof Hooks>(contract: C, amount: bigint, hook: Hooks[C]): MsgExecuteContractEncodeObject {
    const msg = toBase64(toUtf8(JSON.stringify(hook)));
    return this.execute("token", {
      send: { contract: this.connection.address(contract), amount: amount.toString(), msg },
    });
  }

  /** Simulates; throws the contract's refusal if it would be refused. */
  async estimate(messages: readonly EncodeObject[]): Promise<Estimate> {
    const simulated = await this.client.simulate(this.address, messages, "");
    return { simulated, fee: calculateFee(Math.ceil(simulated * GAS_MARGIN), this.price) };
  }

  /** Sends one transaction and waits until it is in a block. */
  async send(messages: readonly EncodeObject[], estimate?: Estimate): Promise<Sent> {
    const { fee } = estimate ?? (await this.estimate(messages));
    const result = await this.client.signAndBroadcast(this.address, messages, fee);
    if (isDeliverTxFailure(result)) {
      // Deprecated, but of a failed transaction it is the log, and nothing else says why it failed.
      // eslint-disable-next-line @typescript-eslint/no-deprecated
      throw new Failure(`${chainSentence(result.rawLog ?? "the transaction failed")} (tx ${result.transactionHash})`);
    }
    const { transactionHash: tx, height, gasUsed, events } = result;
    return { tx, height, gas_used: Number(gasUsed), events };
  }
}

function poll({ chain }: Network): { broadcastPollIntervalMs?: number } {
  return chain.network_type === "devnet" ? { broadcastPollIntervalMs: 400 } : {};
}
