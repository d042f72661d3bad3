/** Prints an execution's timeline as it happens, then its result and cost. */
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
const AMOUNTS = new Set(["escrow", "amount", "pot", "user", "seats", "developer", "producers", "burn", "tips"]);

/** Follows `execution` from block `from` to its end; throws if it ends without a result. */
export async function watch(session: Session, execution: string, from: number): Promise<void> {
  const connection = await session.connect();
  const devnet = session.network.chain.network_type === "devnet";
  const timing = { from, pollMs: devnet ? 200 : 2000, stalledMs: devnet ? 60_000 : 600_000 };
  let published: TimelineItem | undefined;
  for await (const item of follow(connection, execution, timing)) {
    if (item.name === "published") published = item;
    session.output.result(await line(session, item), item);
    if (item.name === "ended") await conclude(session, execution, item, published);
  }
}

async function line(
  session: Session,
  { height, time, name, attributes, sender, tx, gas_used }: TimelineItem,
): Promise<string> {
  const details = Object.entries(attributes).filter(([key]) => !HIDDEN.has(key));
  const words = details.map(async ([key, value]) => `${key} ${await shown(session, name, key, value)}`);
  const what = (await Promise.all(words)).join(", ");
  const who = `${sender.slice(0, 10)}…${sender.slice(-4)}`;
  return `${time.slice(11, 23)}  ${height.toString().padStart(7)}  ${name.padEnd(11)}  ${what}\n${" ".repeat(23)}  by ${who} in ${tx.slice(0, 16)}…, ${gas_used.toString()} gas`;
}

async function shown(session: Session, event: string, key: string, value: string): Promise<string> {
  // In "seated", seats are runners, not an amount.
  if (AMOUNTS.has(key) && !(event === "seated" && key === "seats")) return session.amount(value);
  return /^[0-9a-f]{64}$/.test(value) ? `${value.slice(0, 12)}…` : value;
}

async function conclude(
  session: Session,
  execution: string,
  { attributes }: TimelineItem,
  published: TimelineItem | undefined,
): Promise<void> {
  const { outcome = "", reason = "", escrow = "0", user = "0" } = attributes;
  const cost = BigInt(escrow) - BigInt(user);
  const content = published?.attributes.content ?? "";
  const output = outcome === "finalized" ? (inline(content) ?? content) : null;
  const rows = [
    ["outcome", reason === "" ? outcome : `${outcome}: ${reason}`],
    ["result", outcome === "finalized" ? content : "none"],
    [
      "cost",
      `${await session.amount(cost)} of ${await session.amount(escrow)} set aside, ${await session.amount(user)} returned`,
    ],
  ] as const;
  session.output.result(table(rows), {
    execution,
    outcome,
    reason,
    output,
    escrow,
    returned: user,
    cost: cost.toString(),
  });
  if (outcome !== "finalized") throw new Failure(`execution ${execution} ended without a result: ${reason || outcome}`);
}

/** The output, if the event has it; else the event has a locator. */
function inline(content: string): unknown {
  try {
    return JSON.parse(content) as unknown;
  } catch {
    return undefined;
  }
}
