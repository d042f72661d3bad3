/** `mesg service deprecate|yank|unyank`: warnings of versions, and their end. */
import type { Command } from "commander";
import { Failure } from "../../client/index.js";
import type { ExecuteMsg } from "../../client/generated/registry.js";
import { id } from "../fields.js";
import { table } from "../output.js";
import type { Runner } from "../program.js";
import { requireService, versionOf } from "../service/lookup.js";
import { warnings } from "../service/text.js";
import type { Session } from "../session.js";

export function addVersion(service: Command, run: Runner): void {
  service
    .command("deprecate")
    .description("warns of a version, which goes on to take requests")
    .argument("<sid>", "the service's name")
    .argument("<version>", "the version's number", id)
    .argument("[message]", "what every front end shows, at most 256 bytes")
    .option("--clear", "takes the warning back")
    .action(
      run<[string, number, string | undefined, { clear?: boolean }]>(async (session, sid, number, message, options) => {
        if ((options.clear === true) === (message !== undefined)) {
          throw new Failure("either a message or --clear", "usage");
        }
        const deprecate = { deprecate: { version: number, message: message ?? null } };
        await change(session, sid, number, deprecate, `deprecating version ${number.toString()} of ${sid}`);
      }),
    );
  for (const [name, what, yanked] of [
    ["yank", "ends new requests and new runners of a version; open executions end as they would", true],
    ["unyank", "takes requests and runners of a yanked version again", false],
  ] as const) {
    service
      .command(name)
      .description(what)
      .argument("<sid>", "the service's name")
      .argument("<version>", "the version's number", id)
      .action(
        run<[string, number]>(async (session, sid, number) => {
          const body = { set_yanked: { version: number, yanked } };
          await change(session, sid, number, body, `${name}ing version ${number.toString()} of ${sid}`);
        }),
      );
  }
}

async function change(session: Session, sid: string, number: number, body: ExecuteMsg, what: string): Promise<void> {
  const connection = await session.connect();
  // Refuses the number of another service's version.
  await versionOf(connection, await requireService(connection, sid), number);
  const sender = await session.sender();
  const { tx } = await session.send(what, [sender.execute("registry", body)]);
  const { service, latest } = await requireService(connection, sid);
  const found = await connection.query("registry", "version", { version: number });
  const rows = [
    ["version", `${sid}, ${number.toString()}`] as const,
    ...warnings(found).map((warning) => ["warning", warning] as const),
    ["latest", latest?.toString() ?? "none"] as const,
    ["tx", tx] as const,
  ];
  const { yanked, deprecated } = found;
  session.output.result(table(rows), {
    sid,
    service,
    version: number,
    yanked,
    deprecated: deprecated ?? null,
    latest: latest ?? null,
    tx,
  });
}
