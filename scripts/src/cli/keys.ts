/**
 * Keys: a local network's test account by name, an encrypted file, or the environment. Never the command line, and nothing here
 * prints a secret.
 */
import { stringToPath } from "@cosmjs/crypto";
import { fromBech32 } from "@cosmjs/encoding";
import { DirectSecp256k1HdWallet, type OfflineDirectSigner } from "@cosmjs/proto-signing";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { Failure, type Chain } from "../client/index.js";
import { decryptKey } from "./key-file.js";
import { askPassphrase } from "./passphrase.js";
import { readJson, readText, ROOT } from "./networks.js";

export interface KeyChoice {
  /** Name of a test account. */
  readonly key?: string | undefined;
  /** File that `mesg key save` wrote. */
  readonly keyFile?: string | undefined;
}

export interface Wallet {
  readonly address: string;
  readonly signer: OfflineDirectSigner;
  /** Public attestation key of this number: compressed secp256k1, path m/44'/118'/1'/0/number (docs/mechanism.md 2.6). */
  readonly attestationKey: (number: number) => Promise<Uint8Array>;
}

/** The wallet that the options or the environment name; nothing if they name none. */
export async function findWallet(choice: KeyChoice, chain: Chain): Promise<Wallet | undefined> {
  if (choice.key !== undefined && choice.keyFile !== undefined) {
    throw new Failure("--key and --key-file exclude each other", "usage");
  }
  if (choice.key !== undefined) return walletOf(testAccount(choice.key, chain).mnemonic, chain);
  if (choice.keyFile !== undefined) {
    const text = readText(choice.keyFile);
    const passphrase = await askPassphrase(`Passphrase of ${choice.keyFile}: `);
    return walletOf(decryptKey(text, passphrase, choice.keyFile), chain);
  }
  const mnemonic = process.env.MESG_MNEMONIC;
  return mnemonic === undefined ? undefined : walletOf(mnemonic, chain, "MESG_MNEMONIC");
}

export async function requireWallet(choice: KeyChoice, chain: Chain): Promise<Wallet> {
  const wallet = await findWallet(choice, chain);
  if (wallet !== undefined) return wallet;
  throw new Failure(
    "a key is needed: --key NAME (local networks), --key-file FILE or the environment variable MESG_MNEMONIC",
    "usage",
  );
}

/** The wallet of a mnemonic; `source` names it where it is refused, since it may never be shown. */
export async function walletOf(mnemonic: string, chain: Chain, source = "the key"): Promise<Wallet> {
  const accountAt = async (path: string) => {
    const wallet = await DirectSecp256k1HdWallet.fromMnemonic(mnemonic.trim(), {
      prefix: chain.bech32_prefix,
      hdPaths: [stringToPath(path)],
    }).catch(() => {
      throw new Failure(`${source} is not a BIP-39 mnemonic of 12 to 24 words`);
    });
    const [account] = await wallet.getAccounts();
    if (account === undefined) throw new Failure(`${source} gives no account`);
    return { wallet, account };
  };
  const { wallet, account } = await accountAt(`m/44'/${chain.slip44.toString()}'/0'/0/0`);
  return {
    address: account.address,
    signer: wallet,
    attestationKey: async (number) => (await accountAt(`m/44'/118'/1'/0/${number.toString()}`)).account.pubkey,
  };
}

interface TestAccount {
  readonly name: string;
  readonly address: string;
  readonly mnemonic: string;
}

/** A published test account, which local networks only may use. */
export function testAccount(name: string, chain: Chain): TestAccount {
  if (chain.network_type !== "devnet") {
    throw new Failure(
      `--key names published test accounts, which ${chain.chain_name} (${chain.network_type}) must not use`,
      "usage",
    );
  }
  const accounts = testAccounts();
  const found = accounts.find((account) => account.name === name);
  if (found === undefined) {
    throw new Failure(
      `there is no test account '${name}', there are: ${accounts.map((account) => account.name).join(" ")}`,
      "usage",
    );
  }
  return found;
}

/** The test account with this address, if the network is local and has one. */
export function testAccountAt(address: string, chain: Chain): TestAccount | undefined {
  return chain.network_type === "devnet" ? testAccounts().find((account) => account.address === address) : undefined;
}

function testAccounts(): TestAccount[] {
  const file = join(ROOT, "localnet", "test-accounts.json");
  if (!existsSync(file)) throw new Failure(`there are no test accounts: ${file} does not exist`);
  return (readJson(file) as { accounts: TestAccount[] }).accounts;
}

/** An address; on a local network it may be the name of a test account. */
export function resolveAddress(text: string, chain: Chain): string {
  if (chain.network_type === "devnet" && /^[a-z]+\d*$/.test(text) && !text.startsWith(`${chain.bech32_prefix}1`)) {
    return testAccount(text, chain).address;
  }
  // The contracts take lower case only, so that every address has one spelling.
  if (text === text.toLowerCase() && isAddress(text, chain.bech32_prefix)) return text;
  throw new Failure(`'${text}' is not a lower-case address that starts with ${chain.bech32_prefix}1`, "usage");
}

function isAddress(text: string, expected: string): boolean {
  try {
    return fromBech32(text).prefix === expected;
  } catch {
    return false;
  }
}
