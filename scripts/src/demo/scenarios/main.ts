/** The scenarios that tools/demo runs once a node and a beacon are up: `main.ts NAME…`, or `main.ts list`. */
import { Failure, formatAmount, type TimelineItem } from "../../client/index.js";
import { chosen, SCENARIOS } from "./catalogue.js";
import type { Play } from "./play.js";
import type { Ending, Scenario } from "./scenario.js";
import { RUNNERS, Stage } from "./stage.js";

const UNIT = { symbol: "MESG", decimals: 6 };

function env(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Failure(`${name} is not set: run make demo SCENARIO=…`);
  return value;
}

function title(text: string): void {
  process.stdout.write(`\n== ${text}\n`);
}

/** Plays a scenario and checks how it ended, who was slashed, and that no coin is missing. */
async function perform(stage: Stage, name: string, scenario: Scenario): Promise<void> {
  title(`${name}: ${scenario.summary}`);
  await stage.cast(scenario);
  const { play, ending } = await scenario.play(stage);
  const last = await play.end();
  checkEnding(last, ending);
  checkSlashes(play.items, ending);
  table(play);
  await checkLedger(stage);
}

function checkEnding({ attributes }: TimelineItem, { outcome, reason = "" }: Ending): void {
  const got = `${attributes.outcome ?? ""} ${attributes.reason ?? ""}`.trim();
  const wanted = `${outcome} ${reason}`.trim();
  if (got !== wanted) throw new Failure(`the execution ended ${got}, expected ${wanted}`);
}

function checkSlashes(items: readonly TimelineItem[], { slashed }: Ending): void {
  const words = (runner: string, offence: string) => `runner ${runner} for ${offence}`;
  const got = items
    .filter(({ name }) => name === "slashed")
    .map(({ attributes: { runner = "", offence = "" } }) => words(runner, offence));
  const wanted = slashed.map(({ runner, offence }) => words(runner.toString(), offence));
  const [left, right] = [got, wanted].map((list) => list.sort().join(", ") || "nobody");
  if (left !== right) throw new Failure(`slashed: ${left ?? ""}; expected ${right ?? ""}`);
}

function table({ account }: Play): void {
  process.stdout.write("\nWhat everybody paid and earned\n");
  const sum = account.sum();
  for (const [party, change] of [...account.rows(), ["sum", sum] as const]) {
    process.stdout.write(`${party.padEnd(28)} ${formatAmount(change, UNIT).padStart(22)}\n`);
  }
  if (sum !== 0n) throw new Failure("the table does not sum to zero");
}

async function checkLedger({ connection }: Stage): Promise<void> {
  const ledger = await connection.query("execution-market", "ledger", {});
  const held = (Object.values(ledger) as string[]).reduce((sum, bucket) => sum + BigInt(bucket), 0n);
  const address = connection.address("execution-market");
  const { balance } = await connection.query("token", "balance", { address });
  if (held !== BigInt(balance)) throw new Failure(`the ledger says ${held.toString()}, the market holds ${balance}`);
}

async function run(list: string): Promise<void> {
  if (list === "list") {
    for (const [name, { summary }] of SCENARIOS) process.stdout.write(`${name.padEnd(17)} ${summary}\n`);
    return;
  }
  const scenarios = chosen(list);
  title(`Deploying a market, a service with committees of 3, 5 and 11, and ${RUNNERS.toString()} runners of one agent`);
  const choice = { network: env("MESG_NETWORK"), node: env("MESG_NODE"), deployment: env("MESG_DEPLOYMENT") };
  const stage = await Stage.build(choice, env("DEMO_BEACON"), env("DEMO_HOME"), env("DEMO_AGENT"));
  try {
    for (const [name, scenario] of scenarios) await perform(stage, name, scenario);
  } finally {
    await stage.close();
  }
  process.stdout.write(`\n${scenarios.length.toString()} of ${scenarios.length.toString()} ended as they must\n`);
}

try {
  await run(process.argv.slice(2).join(" "));
  process.exit(0);
} catch (error) {
  process.stderr.write(`demo: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
