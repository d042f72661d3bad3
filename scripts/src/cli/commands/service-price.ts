/** `mesg service price|withdraw-price`: another price of one task, in force a day later. */
import type { Command } from "commander";
import { InvalidArgumentError } from "commander";
import { Failure, serviceBondNeeded } from "../../client/index.js";
import type { Prices, VersionResponse } from "../../client/generated/registry.js";
import { id } from "../fields.js";
import { table } from "../output.js";
import type { Runner } from "../program.js";
import { requireService, versionOf } from "../service/lookup.js";
import { taskRows } from "../service/text.js";
import type { Session } from "../session.js";

interface PriceOptions {
  perCall?: string;
  perKb?: string;
  perMfuel?: string;
  serviceVersion?: number;
}

export function addPrice(service: Command, run: Runner): void {
  service
    .command("price")
    .description(
      "announces another price of one task, in force 24 h later; tops up the service bond as publication does",
    )
    .argument("<sid>", "the service's name")
    .argument("<task>", "the task's name")
    .option("--per-call <units>", "for each call, in base units; as it is, if absent", units)
    .option("--per-kb <units>", "for each started 1,000 bytes of input and output", units)
    .option("--per-mfuel <units>", "for each started million of fuel", units)
    .option("--service-version <id>", "another version than the latest", id)
    .action(
      run<[string, string, PriceOptions]>(async (session, sid, name, options) => {
        const { version, task } = await find(session, sid, name, options.serviceVersion);
        const present = version.prices[task];
        if (present === undefined) throw new Failure(`version ${version.version.toString()} has no price of "${name}"`);
        const price = {
          per_call: options.perCall ?? present.per_call,
          per_kb: options.perKb ?? present.per_kb,
          per_mfuel: options.perMfuel ?? present.per_mfuel,
        };
        const sender = await session.sender();
        const announce = { announce_price: { version: version.version, task, price } };
        const messages = [sender.execute("registry", announce)];
        const missing = await missingBond(session, version, task, price);
        if (missing > 0n) {
          session.output.note(`the service bond is topped up by ${await session.amount(missing)}`);
          messages.push(sender.sendTokens("execution-market", missing, { bond_service: { service: version.service } }));
        }
        const { tx } = await session.send(`announcing a price of ${sid}/${name}`, messages);
        await show(session, sid, version.version, { bonded: missing.toString(), tx });
      }),
    );
  service
    .command("withdraw-price")
    .description("takes an announced price back before it is in force")
    .argument("<sid>", "the service's name")
    .argument("<task>", "the task's name")
    .option("--service-version <id>", "another version than the latest", id)
    .action(
      run<[string, string, { serviceVersion?: number }]>(async (session, sid, name, options) => {
        const { version, task } = await find(session, sid, name, options.serviceVersion);
        const sender = await session.sender();
        const message = sender.execute("registry", { withdraw_price: { version: version.version, task } });
        const { tx } = await session.send(`taking back the announced price of ${sid}/${name}`, [message]);
        await show(session, sid, version.version, { tx });
      }),
    );
}

function units(text: string): string {
  if (/^\d{1,39}$/.test(text)) return BigInt(text).toString();
  throw new InvalidArgumentError("It must be a number of base units.");
}

/** A version, and the position of one of its tasks. */
async function find(
  session: Session,
  sid: string,
  name: string,
  wanted: number | undefined,
): Promise<{ version: VersionResponse; task: number }> {
  const connection = await session.connect();
  const version = await versionOf(connection, await requireService(connection, sid), wanted);
  const names = version.manifest.tasks.map((task) => task.name);
  const task = names.indexOf(name);
  if (task < 0) throw new Failure(`there is no task "${name}", there are: ${names.join(" ")}`);
  return { version, task };
}

/** What the service bond lacks of what publication would ask for at the new price. */
async function missingBond(session: Session, version: VersionResponse, task: number, price: Prices): Promise<bigint> {
  const changed = version.manifest.tasks.slice(task, task + 1).map((found) => ({ ...found, price }));
  const connection = await session.connect();
  const { bond } = await connection.query("execution-market", "service_bond", { service: version.service });
  const missing = serviceBondNeeded(changed, version.manifest.policy) - BigInt(bond);
  return missing > 0n ? missing : 0n;
}

async function show(
  session: Session,
  sid: string,
  version: number,
  more: { tx: string; bonded?: string },
): Promise<void> {
  const found = await (await session.connect()).query("registry", "version", { version });
  const { service, terms, prices, announced } = found;
  const rows = [["version", `${sid}, ${version.toString()}`] as const, ...taskRows(found), ["tx", more.tx] as const];
  session.output.result(table(rows), { sid, service, version, terms, prices, announced, ...more });
}
