/** `mesg runner …` */
import { fromHex, toBase64 } from "@cosmjs/encoding";
import type { EncodeObject } from "@cosmjs/proto-signing";
import type { Command } from "commander";
import { attribute, Failure, formatNumber, parseAmount, type Connection } from "../../client/index.js";
import type { RunnerResponse } from "../../client/generated/staking.js";
import { id } from "../fields.js";
import { resolveAddress, testAccount, testAccountAt, walletOf } from "../keys.js";
import { table } from "../output.js";
import type { Runner } from "../program.js";
import { requireService } from "../service/lookup.js";
import { warnings } from "../service/text.js";
import type { Session } from "../session.js";

interface RegisterOptions {
  operator: string;
  attestationKey?: string;
  endpoint: string;
  bond?: string;
  optIn?: boolean;
}

export function addRunner(program: Command, run: Runner): void {
  const runner = program.command("runner").description("runners: register, bond, serve versions, leave");
  runner
    .command("register")
    .description("registers a runner of a service; the key becomes its owner")
    .argument("<sid>", "the service's name")
    .requiredOption(
      "--operator <address>",
      "hot account that sends its transactions; on a local network also a test account's name",
    )
    .option(
      "--attestation-key <hex>",
      "public key that signs its seals (mesg key show); default for a test account: its own",
    )
    .option("--endpoint <url>", "where other runners reach it", "")
    .option("--bond <amount>", "also bonds this many tokens")
    .option("--opt-in", "also serves the latest version; needs --bond")
    .action(run<[string, RegisterOptions]>(register));
  runner
    .command("bond")
    .description("adds stake; from the owner")
    .argument("<runner>", "its number", id)
    .argument("<amount>", "tokens, such as 250.5")
    .action(
      run<[number, string]>(async (session, number, text) => {
        await finish(session, number, "bonding", [await bondMessage(session, number, text)]);
      }),
    );
  for (const [name, what] of [
    ["opt-in", "serves a version from the next epoch on; from owner or operator"],
    ["opt-out", "stops serving a version from the next epoch on; from owner or operator"],
  ] as const) {
    runner
      .command(name)
      .description(what)
      .argument("<runner>", "its number", id)
      .argument("[version]", "the version's number; the service's latest if absent", id)
      .action(
        run<[number, number | undefined]>(async (session, number, wanted) => {
          const version = wanted ?? (await latestVersion(await session.connect(), number));
          const sender = await session.sender();
          const args = { runner: number, version };
          await finish(session, number, name, [
            sender.execute("staking", name === "opt-in" ? { opt_in: args } : { opt_out: args }),
          ]);
        }),
      );
  }
  runner
    .command("unbond")
    .description("starts to take stake out; it stays slashable until it is released; from the owner")
    .argument("<runner>", "its number", id)
    .argument("<amount>", "tokens, such as 250.5")
    .action(
      run<[number, string]>(async (session, number, text) => {
        const amount = parseAmount("amount", text, await session.unit()).toString();
        const sender = await session.sender();
        await finish(session, number, "unbonding", [sender.execute("staking", { unbond: { runner: number, amount } })]);
      }),
    );
  runner
    .command("withdraw")
    .description("pays out what is released; from the owner")
    .argument("<runner>", "its number", id)
    .option("--to <address>", "receiver, if not the owner")
    .action(
      run<[number, { to?: string }]>(async (session, number, { to }) => {
        const sender = await session.sender();
        const args = { runner: number, ...(to === undefined ? {} : { to }) };
        await finish(session, number, "withdrawing", [sender.execute("staking", { withdraw: args })]);
      }),
    );
  runner
    .command("unjail")
    .description("asks to be let out of jail once its end has passed; from owner or operator")
    .argument("<runner>", "its number", id)
    .action(
      run<[number]>(async (session, number) => {
        const sender = await session.sender();
        await finish(session, number, "unjail", [sender.execute("staking", { unjail: { runner: number } })]);
      }),
    );
  runner
    .command("rotate-key")
    .description("gives a runner its next attestation key, for its next seats; from the owner")
    .argument("<runner>", "its number", id)
    .option(
      "--attestation-key <hex>",
      "the next public key (key show --key-no N); default for a test account as operator: its own next one",
    )
    .action(run<[number, { attestationKey?: string }]>(rotateKey));
  runner
    .command("status")
    .description("a runner, or all that the key owns")
    .argument("[runner]", "its number", id)
    .action(
      run<[number | undefined]>(async (session, number) => {
        const connection = await session.connect();
        const found = number === undefined ? await ownRunners(session) : [await runnerOf(connection, number)];
        if (found.length === 0) session.output.note("no runner");
        for (const one of found) await show(session, one);
      }),
    );
}

async function register(session: Session, sid: string, options: RegisterOptions): Promise<void> {
  const { operator, attestationKey, endpoint, bond, optIn = false } = options;
  if (optIn && bond === undefined)
    throw new Failure("--opt-in needs --bond: a runner without stake has no seats", "usage");
  const connection = await session.connect();
  const service = await requireService(connection, sid);
  if (optIn && service.latest === null) throw new Failure(`service "${sid}" has no version, or all are yanked`);
  const { chain } = session.network;
  const key = attestationKey === undefined ? await keyOfTestAccount(operator, session, 0) : hexKey(attestationKey);
  const sender = await session.sender();
  const message = sender.execute("staking", {
    register_runner: {
      service: service.service,
      operator: resolveAddress(operator, chain),
      attestation_key: toBase64(key),
      endpoint,
    },
  });
  const sent = await session.send(`registering a runner of ${sid}`, [message]);
  const address = connection.address("staking");
  const number = Number(attribute(sent.events, "staking", address, "runner_registered", "runner"));
  if (bond === undefined) return show(session, await runnerOf(connection, number), sent.tx);
  const messages: EncodeObject[] = [await bondMessage(session, number, bond)];
  if (optIn) messages.push(sender.execute("staking", { opt_in: { runner: number, version: service.latest ?? 0 } }));
  await finish(session, number, "bonding", messages);
}

async function rotateKey(
  session: Session,
  number: number,
  { attestationKey }: { attestationKey?: string },
): Promise<void> {
  const { operator, key_no } = await runnerOf(await session.connect(), number);
  const key =
    attestationKey === undefined ? await keyOfTestAccount(operator, session, key_no + 1) : hexKey(attestationKey);
  const sender = await session.sender();
  const args = { runner: number, attestation_key: toBase64(key) };
  await finish(session, number, "rotating the key", [sender.execute("staking", { rotate_key: args })]);
}

function hexKey(text: string): Uint8Array {
  if (/^0[23][0-9a-f]{64}$/.test(text)) return fromHex(text);
  throw new Failure(
    `--attestation-key must be 33 bytes in lower-case hexadecimal that start with 02 or 03, got '${text}'`,
    "usage",
  );
}

/** On local networks operators may be test accounts, whose attestation keys everybody can derive. */
async function keyOfTestAccount(
  operator: string,
  { network: { chain } }: Session,
  number: number,
): Promise<Uint8Array> {
  const isAddress = operator.startsWith(`${chain.bech32_prefix}1`);
  const account = isAddress ? testAccountAt(operator, chain) : testAccount(operator, chain);
  if (account === undefined) {
    throw new Failure("--attestation-key is needed: mesg key show prints it for the operator's key", "usage");
  }
  return (await walletOf(account.mnemonic, chain)).attestationKey(number);
}

async function bondMessage(session: Session, number: number, text: string): Promise<EncodeObject> {
  const amount = parseAmount("amount", text, await session.unit());
  return (await session.sender()).sendTokens("staking", amount, { bond: { runner: number } });
}

async function latestVersion(connection: Connection, number: number): Promise<number> {
  const { service } = await runnerOf(connection, number);
  const { latest, sid } = await connection.query("registry", "service", { service });
  if (latest === null || latest === undefined) throw new Failure(`service "${sid}" has no version, or all are yanked`);
  return latest;
}

function runnerOf(connection: Connection, runner: number): Promise<RunnerResponse> {
  return connection.query("staking", "runner", { runner });
}

/** All runners that the chosen key owns. */
export async function ownRunners(session: Session): Promise<RunnerResponse[]> {
  const connection = await session.connect();
  const { address: owner } = await session.wallet();
  const all: RunnerResponse[] = [];
  for (;;) {
    const start_after = all.at(-1)?.runner ?? null;
    const { runners } = await connection.query("staking", "runners_by_owner", { owner, start_after, limit: 50 });
    all.push(...runners);
    if (runners.length < 50) return all;
  }
}

async function finish(session: Session, number: number, what: string, messages: EncodeObject[]): Promise<void> {
  const { tx } = await session.send(what, messages);
  await show(session, await runnerOf(await session.connect(), number), tx);
}

/** Points from thousandths. */
function points(thousandths: number): string {
  return formatNumber(thousandths.toString(), { symbol: "", decimals: 3 });
}

function exclusion({ tombstoned, jailed_until }: RunnerResponse): string {
  if (tombstoned) return "for ever: it can only unbond and withdraw";
  if (jailed_until === undefined || jailed_until === null) return "no";
  return `in jail; mesg runner unjail is taken from ${new Date(Number(jailed_until) * 1000).toISOString()} on`;
}

async function show(session: Session, runner: RunnerResponse, tx?: string): Promise<void> {
  const connection = await session.connect();
  const account = await connection.query("execution-market", "runner_account", { runner: runner.runner });
  const served = runner.versions.map(
    ({ version, seats_now, seats_next }) =>
      `version ${version.toString()} with ${seats_now.toString()} seats, ${seats_next.toString()} from the next epoch on`,
  );
  const versions = runner.versions.map(({ version }) => connection.query("registry", "version", { version }));
  const discouraged = (await Promise.all(versions)).flatMap(warnings);
  const leaving = runner.unbonding.map(async ({ value, release_time, release_height }) => {
    const time = new Date(Number(release_time) * 1000).toISOString();
    return `${await session.amount(value)} from ${time} and height ${release_height} on`;
  });
  const rows = [
    ["runner", `${runner.runner.toString()} of service ${runner.service.toString()}${runner.dead ? ", dead" : ""}`],
    ["owner", runner.owner],
    ["operator", runner.operator],
    ["endpoint", runner.endpoint || "none"],
    ["excluded", exclusion(runner)],
    ["key", `number ${runner.key_no.toString()}`],
    ["stake", `${await session.amount(runner.active)} active of ${await session.amount(runner.tokens)}`],
    ["serves", served.join("; ") || "nothing"],
    ...discouraged.map((warning) => ["warning", warning] as const),
    ["unbonding", (await Promise.all(leaving)).join("; ") || "nothing"],
    [
      "seats",
      `${account.open.toString()} open, ${account.completed.toString()} completed, ${account.missed.toString()} missed`,
    ],
    ["score", `${points(account.points)} of 10 points; a completed seat takes 1/100 of them away`],
    ["earned", await session.amount(account.earned)],
  ] as const;
  session.output.result(table(rows), {
    ...runner,
    account,
    warnings: discouraged,
    ...(tx === undefined ? {} : { tx }),
  });
}
