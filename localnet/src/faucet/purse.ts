/** The faucet's account: sends one credit after the other, so that its sequence number is never used twice. */
import { DirectSecp256k1HdWallet, type Coin } from "@cosmjs/proto-signing";
import { assertIsDeliverTxSuccess, GasPrice, SigningStargateClient } from "@cosmjs/stargate";
import { Comet38Client } from "@cosmjs/tendermint-rpc";

export interface PurseOptions {
  readonly rpc: string;
  readonly mnemonic: string;
  readonly prefix: string;
  /** For example "0.025ucosm". */
  readonly gasPrice: string;
}

const GAS_MARGIN = 1.4;

export class Purse {
  #queue: Promise<unknown> = Promise.resolve();

  private constructor(
    readonly address: string,
    private readonly client: SigningStargateClient,
  ) {}

  static async open(options: PurseOptions): Promise<Purse> {
    const wallet = await DirectSecp256k1HdWallet.fromMnemonic(options.mnemonic, { prefix: options.prefix });
    const [account] = await wallet.getAccounts();
    if (account === undefined) throw new Error("the mnemonic gives no account");
    // The client is named: autodetection takes newer CometBFT versions for an older protocol.
    const comet = await Comet38Client.connect(options.rpc);
    const client = SigningStargateClient.createWithSigner(comet, wallet, {
      gasPrice: GasPrice.fromString(options.gasPrice),
      broadcastPollIntervalMs: 200,
    });
    return new Purse(account.address, client);
  }

  chainId(): Promise<string> {
    return this.client.getChainId();
  }

  balance(denom: string): Promise<Coin> {
    return this.client.getBalance(this.address, denom);
  }

  /** Sends `coin` when all earlier credits are in a block; gives the transaction hash. */
  credit(recipient: string, coin: Coin): Promise<string> {
    const sent = this.#queue.then(async () => {
      const result = await this.client.sendTokens(this.address, recipient, [coin], GAS_MARGIN);
      assertIsDeliverTxSuccess(result);
      return result.transactionHash;
    });
    this.#queue = sent.catch(() => undefined);
    return sent;
  }
}
