/** Prints an execution's timeline as it happens, then its result and cost. */
import { sha256 } from "@cosmjs/crypto";
import { toHex, toUtf8 } from "@cosmjs/encoding";
import { Failure, follow, type TimelineItem } from "../client/index.js";
import { table } from "./output.js";
import type { Session } from "./session.js";

/** Attributes that are shown elsewhere in a line or are of no use to people. */
const HIDDEN = new Set([
  "_contract_address",
  "seq",
  "execution",
  "msg_index",
  "content",
  "requester",
  "sub",
  "input",
  "input_len",
]);
const AMOUNTS = new Set([
  "escrow",
  "amount",
  "bond",
  "pot",
  "user",
  "seats",
  "developer",
  "producers",
  "burn",
  "tips",
  "challenger",
  "service_bond",
]);

/** Follows `execution` from block `from` to its end; throws if it ends without a result. */
export async function watch(session: Session, execution: string, from: number): Promise<void> {
  const connection = await session.connect();
  const devnet = session.network.chain.network_type === "devnet";
  const timing = { from, pollMs: devnet ? 200 : 2000, stalledMs: devnet ? 60_000 : 600_000 };
  let shown: TimelineItem | undefined;
  let before: TimelineItem | undefined;
  for await (const item of follow(connection, execution, timing)) {
    if (showsOutput(item)) shown = item;
    session.output.result(await line(session, item, before), item);
    before = item;
    if (item.name === "ended") await conclude(session, execution, item, shown);
  }
}

/** Published values of kind Ok, and results of own runners and of executors that a checker judges. */
function showsOutput({ name, attributes }: TimelineItem): boolean {
  return name === "result_posted" || (name === "published" && attributes.kind === "0");
}

/** What happened; and who did it, unless the line before has told that. */
async function line(session: Session, item: TimelineItem, before: TimelineItem | undefined): Promise<string> {
  const { height, time, name, attributes, sender, tx, gas_used } = item;
  const details = Object.entries(attributes).filter(([key, value]) => !HIDDEN.has(key) && value !== "");
  const words = details.map(async ([key, value]) => `${key} ${await worded(session, name, key, value)}`);
  const what = `${time.slice(11, 19)}  ${height.toString().padStart(8)}  ${name.padEnd(10)}  ${(await Promise.all(words)).join(", ")}`;
  if (tx === before?.tx) return what;
  return `${what}\n${" ".repeat(20)}by ${short(sender)} in ${tx}, ${gas_used.toString()} gas`;
}

async function worded(session: Session, event: string, key: string, value: string): Promise<string> {
  if (isAmount(event, key)) return session.amount(value);
  if (key === "until") return new Date(Number(value) * 1000).toISOString().slice(11, 19);
  if (key === "account" || key === "to" || (event === "challenged" && key === "challenger")) return short(value);
  return /^[0-9a-f]{64}$/.test(value) ? `${value.slice(0, 12)}…` : value;
}

/** In "seated", seats are runners; in "challenged", the challenger is an address. */
function isAmount(event: string, key: string): boolean {
  return (
    AMOUNTS.has(key) && !(event === "seated" && key === "seats") && !(event === "challenged" && key === "challenger")
  );
}

function short(address: string): string {
  return `${address.slice(0, 10)}…${address.slice(-4)}`;
}

async function conclude(
  session: Session,
  execution: string,
  { attributes }: TimelineItem,
  shown: TimelineItem | undefined,
): Promise<void> {
  const { outcome = "", reason = "", escrow = "0", user = "0" } = attributes;
  const cost = BigInt(escrow) - BigInt(user);
  const hasResult = outcome === "finalized" || outcome === "corrected";
  const output = hasResult ? outputOf(shown) : undefined;
  const rows = [
    ["outcome", reason === "" ? outcome : `${outcome}: ${reason}`],
    ["set aside", await session.amount(escrow)],
    ["returned", `${await session.amount(user)}${cost < 0n ? ", with a compensation" : ""}`],
    ["cost", await session.amount(cost)],
  ] as const;
  const text = output === undefined ? "" : `\n${JSON.stringify(output, undefined, 2)}`;
  session.output.result(`${table(rows)}${text}`, {
    execution,
    outcome,
    reason,
    output,
    escrow,
    returned: user,
    cost: cost.toString(),
  });
  if (!hasResult) throw new Failure(`execution ${execution} ended without a result: ${reason || outcome}`);
}

/** The output if it is on chain, else where it is. */
function outputOf(shown: TimelineItem | undefined): unknown {
  if (shown === undefined) return undefined;
  const { content = "", output, output_len } = shown.attributes;
  if (toHex(sha256(toUtf8(content))) === output) return JSON.parse(content) as unknown;
  return { locator: content, sha256: output, len: Number(output_len) };
}
