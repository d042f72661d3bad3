/** `mesg producer …` and `mesg epoch close`: the block producers' share of the fees. */
import type { Command } from "commander";
import { attribute, contractEvents, Failure } from "../../client/index.js";
import { collect, integer } from "../fields.js";
import { resolveAddress } from "../keys.js";
import { table } from "../output.js";
import type { Runner } from "../program.js";
import type { Session } from "../session.js";

/** Epochs of one `ClaimProducer` at most. */
const CLAIM_EPOCHS = 30;

interface ClaimOptions {
  epoch?: number[];
  to?: string;
}

export function addProducer(program: Command, run: Runner): void {
  const producer = program.command("producer").description("block producers: the validators' share of the fees");
  producer
    .command("status")
    .description("what is held for block producers, and what a validator's account may claim")
    .argument("[address]", "account of a validator; the key's if absent")
    .action(run<[string | undefined]>(status));
  producer
    .command("claim")
    .description("pays the shares of the key's validator: all that are due, or those of some epochs")
    .option("--epoch <n>", "only this epoch; may be repeated", collect(integer(0, Number.MAX_SAFE_INTEGER)))
    .option("--to <address>", "receiver; the key's account if absent")
    .action(run<[ClaimOptions]>(claim));
  program
    .command("epoch")
    .description("epochs of the block producers")
    .command("close")
    .description("closes the last epoch that has ended, once: the validators that are bonded now share its fees")
    .action(run<[]>(close));
}

async function status(session: Session, text: string | undefined): Promise<void> {
  const connection = await session.connect();
  const account = text === undefined ? await session.ownAddress() : resolveAddress(text, session.network.chain);
  const [producers, { producers: market }, claims] = await Promise.all([
    connection.query("staking", "producers", {}),
    connection.query("execution-market", "ledger", {}),
    account === undefined ? undefined : connection.query("staking", "producer_claims", { account }),
  ]);
  const since = new Date((Number(producers.epoch) * producers.epoch_secs + producers.epoch_secs) * 1000);
  const rows: [string, string][] = [
    ["epoch", `${producers.epoch}, ends ${since.toISOString()}`],
    ["open", Number(producers.next) < Number(producers.epoch) ? "the last one can be closed" : "nothing to close"],
    ["fees", `${await session.amount(market)} for the next pot, ${await session.amount(producers.carried)} carried`],
    ["pots", `${await session.amount(producers.pots)} in ${producers.claimable.length.toString()} epochs`],
  ];
  if (account !== undefined && claims !== undefined) {
    const epochs = claims.claims.map(({ epoch }) => epoch).join(", ");
    rows.push(["account", account]);
    rows.push(["due", `${await session.amount(claims.total)}${epochs === "" ? "" : ` of epochs ${epochs}`}`]);
  }
  session.output.result(table(rows), {
    ...producers,
    fees: market,
    ...(claims === undefined ? {} : { account, due: claims.total, claims: claims.claims }),
  });
}

async function claim(session: Session, options: ClaimOptions): Promise<void> {
  const sender = await session.sender();
  const epochs = options.epoch?.map(String) ?? (await dueEpochs(session, sender.address));
  if (epochs.length === 0) throw new Failure(`nothing is due to ${sender.address}`);
  const to = options.to === undefined ? {} : { to: resolveAddress(options.to, session.network.chain) };
  const messages = [];
  for (let from = 0; from < epochs.length; from += CLAIM_EPOCHS) {
    const args = { epochs: epochs.slice(from, from + CLAIM_EPOCHS), ...to };
    messages.push(sender.execute("staking", { claim_producer: args }));
  }
  const { tx, events } = await session.send("claiming", messages);
  const staking = sender.connection.address("staking");
  const paid = contractEvents(events, "staking", staking).filter(({ name }) => name === "producer_paid");
  const total = paid.reduce((sum, { attributes }) => sum + BigInt(attributes.amount ?? 0), 0n);
  const data = { amount: total.toString(), paid: paid.map(({ attributes }) => attributes), tx };
  session.output.result(`${await session.amount(total)} of ${epochs.length.toString()} epochs paid in ${tx}`, data);
}

async function dueEpochs(session: Session, account: string): Promise<string[]> {
  const connection = await session.connect();
  const { claims } = await connection.query("staking", "producer_claims", { account });
  return claims.map(({ epoch }) => epoch);
}

async function close(session: Session): Promise<void> {
  const sender = await session.sender();
  const message = sender.execute("execution-market", { close_epoch: {} });
  const { tx, events } = await session.send("closing an epoch", [message]);
  const staking = sender.connection.address("staking");
  const told = (key: string): string => attribute(events, "staking", staking, "epoch_closed", key);
  const [epoch, received, rolled, share, carried] = ["epoch", "received", "rolled", "share", "carried"].map(told);
  const members = Number(told("members"));
  const shared = members === 0 ? "all of it rolls over" : `${members.toString()} validators share it`;
  const text = `epoch ${epoch ?? ""} closed with ${await session.amount(received ?? "0")}, ${shared}, in ${tx}`;
  session.output.result(text, { epoch, received, rolled, members, share, carried, tx });
}
