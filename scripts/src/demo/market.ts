/** The demo's market: deployed, with a published service and twelve bonded runners of different owners. */
import { Slip10, Slip10Curve, Bip39, EnglishMnemonic, Secp256k1, stringToPath } from "@cosmjs/crypto";
import { toBase64 } from "@cosmjs/encoding";
import { attribute, Connection, Failure, Sender } from "../client/index.js";
import { testAccount, walletOf } from "../cli/keys.js";
import { loadNetwork, type NetworkChoice } from "../cli/networks.js";
import { main as mesg } from "../cli/program.js";
import { requireService, taskOf, versionOf } from "../cli/service/lookup.js";
import type { Task } from "../client/generated/registry.js";

/** Runners of the demo, and how many of them share an operator, hence a process. */
export const RUNNERS = 12;
export const PER_OPERATOR = 2;
const STAKE = 1_000_000_000n;

/** Runs a command of the command line as a user would, and shows it. */
export async function command(...args: string[]): Promise<void> {
  process.stdout.write(`$ mesg ${args.join(" ")}\n`);
  const code = await mesg(args, {
    stdout: (text) => process.stdout.write(text),
    stderr: (text) => process.stderr.write(text),
  });
  if (code !== 0) throw new Failure(`mesg ${args[0] ?? ""} ended with ${code.toString()}`);
}

/** Numbers of the operators, from 1. */
export const OPERATORS = Array.from({ length: RUNNERS / PER_OPERATOR }, (_, index) => index + 1);

/** The number of the operator that works for each runner, by runner id. */
export type Operators = ReadonlyMap<number, number>;

function operatorOf(number: number): number {
  return Math.ceil(number / PER_OPERATOR);
}

/** Names of the accounts that own the runners of an operator. */
export function ownersOf(operator: number): string[] {
  const numbers = Array.from({ length: RUNNERS }, (_, index) => index + 1);
  return numbers.filter((number) => operatorOf(number) === operator).map(ownerOf);
}

function ownerOf(number: number): string {
  return `owner${number.toString()}`;
}

/** Bonds the runners for a service, each by its own owner. */
export async function bondRunners(choice: NetworkChoice, sid: string): Promise<Operators> {
  const connection = await Connection.open(loadNetwork(choice));
  const service = await requireService(connection, sid);
  const numbers = Array.from({ length: RUNNERS }, (_, index) => index + 1);
  const ids = await Promise.all(
    numbers.map((number) => bondRunner(connection, number, service.service, service.latest ?? 0)),
  );
  connection.close();
  return new Map(ids.map((id, index) => [id, operatorOf(index + 1)]));
}

async function bondRunner(connection: Connection, number: number, service: number, version: number): Promise<number> {
  const { chain } = connection.network;
  const owner = await walletOf(testAccount(ownerOf(number), chain).mnemonic, chain);
  const operator = testAccount(`operator${operatorOf(number).toString()}`, chain);
  const sender = await Sender.open(connection, owner.signer);
  const { publicKey } = await attestationPair(operator.mnemonic, (number - 1) % PER_OPERATOR);
  const register = { service, operator: operator.address, attestation_key: toBase64(publicKey), endpoint: "" };
  const { events } = await sender.send([sender.execute("staking", { register_runner: register })]);
  const staking = connection.address("staking");
  const runner = Number(attribute(events, "staking", staking, "runner_registered", "runner"));
  await sender.send([
    sender.sendTokens("staking", STAKE, { bond: { runner } }),
    sender.execute("staking", { opt_in: { runner, version } }),
  ]);
  return runner;
}

/** The key at m/44'/118'/<1 + account>'/0/0, as the runner-agent derives it. */
export async function attestationPair(
  mnemonic: string,
  account: number,
): Promise<{ secret: Uint8Array; publicKey: Uint8Array }> {
  const seed = await Bip39.mnemonicToSeed(new EnglishMnemonic(mnemonic));
  const path = stringToPath(`m/44'/118'/${(1 + account).toString()}'/0/0`);
  const { privkey: secret } = Slip10.derivePath(Slip10Curve.Secp256k1, seed, path);
  const { pubkey } = Secp256k1.makeKeypair(secret);
  return { secret, publicKey: Secp256k1.compressPubkey(pubkey) };
}

/** Waits until so many runners have weight: from the epoch after their bonds on. */
export async function untilPoolIsReady(connection: Connection, version: number, runners = RUNNERS): Promise<void> {
  for (;;) {
    const { now } = await connection.query("staking", "pool", { version });
    if (now.runners >= runners) return;
    await pause(500);
  }
}

/** The task and the number of its terms. */
export async function findTask(
  connection: Connection,
  sid: string,
  task: string,
): Promise<{ task: Task; terms: number }> {
  const version = await versionOf(connection, await requireService(connection, sid), undefined);
  return taskOf(version, task);
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
