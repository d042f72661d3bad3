/** `mesg run` */
import type { Command } from "commander";
import { attribute, Failure, parseAmount, type Connection } from "../../client/index.js";
import type { QuoteResponse, RequestItem } from "../../client/generated/execution-market.js";
import { collect, id, integer } from "../fields.js";
import { prepareInput } from "../input.js";
import { table } from "../output.js";
import type { Runner } from "../program.js";
import { requireService, taskOf, versionOf } from "../service/lookup.js";
import { warnings } from "../service/text.js";
import type { Session } from "../session.js";
import { watch } from "../watch.js";

interface Options {
  input?: string;
  text?: [string, string][];
  locator?: string;
  saveInput?: string;
  serviceVersion?: number;
  validators?: number;
  ownRunner?: number;
  maxFee?: string;
  watch?: boolean;
  quote?: boolean;
}

export function addRun(program: Command, run: Runner): void {
  program
    .command("run")
    .description("requests an execution and pays for it; inputs and outputs are public")
    .argument("<service/task>", "such as csv-report/report")
    .option("--input <file>", "the input, a JSON object; - is the standard input")
    .option(
      "--text <name=file>",
      "a member of the input that is the text of a file; may be repeated",
      collect(assignment),
    )
    .option("--locator <url>", "where the input's canonical form is found, if it is too large for the chain")
    .option("--save-input <file>", "writes the input's canonical form")
    .option("--service-version <id>", "another version than the latest", id)
    .option("--validators <number>", "of the first round; default: the task's own number", integer(1, 7))
    .option(
      "--own-runner <id>",
      "a runner of yours that executes alone, unattested; if it is late, the network does",
      id,
    )
    .option("--max-fee <amount>", "refuses to set aside more than this; default: the quote")
    .option("--quote", "shows the quote and requests nothing")
    .option("--watch", "shows what happens until the end; fails if there is no result")
    .action(run<[string, Options]>(request));
}

async function request(session: Session, name: string, options: Options): Promise<void> {
  const [sid, taskName, ...rest] = name.split("/");
  if (sid === undefined || taskName === undefined || rest.length > 0) {
    throw new Failure(`the task must be service/task, got '${name}'`, "usage");
  }
  const connection = await session.connect();
  const version = await versionOf(connection, await requireService(connection, sid), options.serviceVersion);
  for (const warning of warnings(version)) session.output.note(warning);
  const { task, terms } = taskOf(version, taskName);
  const deprecated = version.deprecated ?? null;
  const { input, length } = prepareInput(task, options, session.network.chain);
  const { validators, ownRunner } = options;
  const asked = validators === undefined ? {} : { validators };
  const quote = await connection.query("execution-market", "quote", { terms, input_len: length, ...asked });
  if (options.quote === true) {
    session.output.result(await quoteText(session, quote), { terms, input_len: length, quote, deprecated });
    return;
  }
  session.output.note(await quoteText(session, quote));
  const [refusal] = quote.refusals;
  if (refusal !== undefined) throw new Failure(`the market would refuse this request: ${refusal}`);
  const max_fee = await maxFee(session, quote, options.maxFee);
  const sent = await pay(session, connection, quote, {
    ...{ terms, input, max_fee, ...asked },
    ...(ownRunner === undefined ? {} : { own_runner: ownRunner }),
  });
  const result = { service: version.service, version: version.version, terms, quote, deprecated, ...sent };
  const text = `execution ${sent.execution} requested at height ${sent.height.toString()} in ${sent.tx}, paid from the ${sent.paid_from}`;
  session.output.result(text, result);
  if (options.watch === true) await watch(session, sent.execution, sent.height);
}

async function maxFee(session: Session, { escrow }: QuoteResponse, given: string | undefined): Promise<string> {
  if (given === undefined) return escrow;
  const most = parseAmount("--max-fee", given, await session.unit());
  if (most >= BigInt(escrow)) return most.toString();
  throw new Failure(`--max-fee is ${await session.amount(most)}, the quote is ${await session.amount(escrow)}`);
}

interface Requested {
  readonly execution: string;
  readonly tx: string;
  readonly height: number;
  readonly gas_used: number;
  readonly paid_from: "purse" | "account";
}

/** Pays from the purse if it has enough, else by sending tokens along. */
async function pay(
  session: Session,
  connection: Connection,
  quote: QuoteResponse,
  item: RequestItem,
): Promise<Requested> {
  const sender = await session.sender();
  const purse = await connection.query("execution-market", "purse", { account: sender.address });
  const enough = BigInt(purse.balance) >= BigInt(quote.escrow);
  const message = enough
    ? sender.execute("execution-market", { request: { items: [item] } })
    : sender.sendTokens("execution-market", BigInt(quote.escrow), { request: { items: [item] } });
  const { tx, height, gas_used, events } = await session.send("requesting", [message]);
  const market = connection.address("execution-market");
  const execution = attribute(events, "market", market, "requested", "execution");
  return { execution, tx, height, gas_used, paid_from: enough ? "purse" : "account" };
}

async function quoteText(session: Session, quote: QuoteResponse): Promise<string> {
  const validators = `${quote.validators.toString()} × ${await session.amount(quote.validator)}`;
  const bond = quote.challenge_bond ?? undefined;
  const rows = [
    ["set aside", `${await session.amount(quote.escrow)}; what is not used returns`],
    ["executor", `at most ${await session.amount(quote.executor)}`],
    ["validators", `at most ${validators}`],
    ["developer", `at most ${await session.amount(quote.developer)}`],
    ["block producers", `at most ${await session.amount(quote.producers)}`],
    ["burned", `at most ${await session.amount(quote.burn)}`],
    ["tips", `at most ${await session.amount(quote.tips)}`],
    [
      "to challenge",
      bond === undefined ? "not possible: the task has no third round" : `a bond of ${await session.amount(bond)}`,
    ],
    ...quote.refusals.map((refusal) => ["refused", refusal] as const),
  ] as const;
  return table(rows);
}

function assignment(text: string): [string, string] {
  const [, name, file] = /^([A-Za-z]\w*)=(.+)$/s.exec(text) ?? [];
  if (name !== undefined && file !== undefined) return [name, file];
  throw new Failure(`--text must be NAME=FILE, got '${text}'`, "usage");
}
