/** What a command works with: the chosen network, its node and the chosen key, each opened when it is first needed. */
import type { EncodeObject } from "@cosmjs/proto-signing";
import { Connection, Failure, formatAmount, Sender, type Network, type Sent, type Unit } from "../client/index.js";
import { findWallet, requireWallet, type KeyChoice, type Wallet } from "./keys.js";
import { loadNetwork, type NetworkChoice } from "./networks.js";
import type { Output } from "./output.js";

/** The options that every command takes. */
export interface GlobalOptions extends NetworkChoice, KeyChoice {
  readonly json?: boolean;
  readonly yesMainnet?: boolean;
}

export class Session {
  readonly network: Network;
  #connection: Promise<Connection> | undefined;
  #sender: Promise<Sender> | undefined;
  #unit: Promise<Unit> | undefined;

  constructor(
    readonly options: GlobalOptions,
    readonly output: Output,
  ) {
    this.network = loadNetwork(options);
  }

  connect(): Promise<Connection> {
    return (this.#connection ??= Connection.open(this.network));
  }

  wallet(): Promise<Wallet> {
    const { chain } = this.network;
    if (chain.network_type === "mainnet" && this.options.yesMainnet !== true) {
      throw new Failure(`${chain.chain_name} is a main network, where mistakes cost money: add --yes-mainnet`, "usage");
    }
    return requireWallet(this.options, chain);
  }

  /** The address of the chosen key, if one is chosen. */
  async ownAddress(): Promise<string | undefined> {
    return (await findWallet(this.options, this.network.chain))?.address;
  }

  sender(): Promise<Sender> {
    return (this.#sender ??= this.wallet().then(async ({ signer }) => Sender.open(await this.connect(), signer)));
  }

  /** The token's symbol and decimals. */
  unit(): Promise<Unit> {
    return (this.#unit ??= this.connect().then((connection) => connection.unit()));
  }

  /** "1.5 MESG". */
  async amount(value: bigint | string): Promise<string> {
    return formatAmount(value, await this.unit());
  }

  /** Simulates, names the gas fee, sends. `what` says what the transaction does. */
  async send(what: string, messages: readonly EncodeObject[]): Promise<Sent> {
    const sender = await this.sender();
    const estimate = await sender.estimate(messages);
    const fee = estimate.fee.amount.map(({ amount, denom }) => `${amount} ${denom}`).join(", ");
    this.output.note(`${what}: at most ${estimate.fee.gas} gas for ${fee}`);
    return sender.send(messages, estimate);
  }

  async close(): Promise<void> {
    (await this.#connection?.catch(() => undefined))?.close();
  }
}
