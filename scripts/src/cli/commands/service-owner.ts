/** `mesg service propose-owner|accept-owner|withdraw-owner`: a service changes hands in two steps. */
import type { Command } from "commander";
import type { Connection } from "../../client/index.js";
import { resolveAddress } from "../keys.js";
import { table } from "../output.js";
import type { Runner } from "../program.js";
import { requireService, versionsOf } from "../service/lookup.js";
import { until } from "../service/text.js";
import type { Session } from "../session.js";

export function addOwner(service: Command, run: Runner): void {
  service
    .command("propose-owner")
    .description("offers a service to another owner for 7 days; unclaimed earnings and the service bond go with it")
    .argument("<sid>", "the service's name")
    .argument("<address>", "the new owner, who must accept")
    .action(
      run<[string, string]>(async (session, sid, text) => {
        const connection = await session.connect();
        const { service: number } = await requireService(connection, sid);
        const owner = resolveAddress(text, session.network.chain);
        const { unclaimed, bond } = await goesAlong(connection, number);
        session.output.note(
          `whoever owns the service at the time gets its ${await session.amount(unclaimed)} of unclaimed earnings and its ` +
            `bond of ${await session.amount(bond)}: claim and unbond before, to keep them`,
        );
        const sender = await session.sender();
        const message = sender.execute("registry", { propose_owner: { service: number, owner } });
        const { tx } = await session.send(`offering ${sid} to ${owner}`, [message]);
        await show(session, sid, tx, { unclaimed: unclaimed.toString(), bond: bond.toString() });
      }),
    );
  for (const [name, what, doing] of [
    ["accept-owner", "takes over a service that is offered to the key", "taking over"],
    ["withdraw-owner", "takes the offer of a service back; from its owner", "taking back the offer of"],
  ] as const) {
    service
      .command(name)
      .description(what)
      .argument("<sid>", "the service's name")
      .action(
        run<[string]>(async (session, sid) => {
          const of = { service: (await requireService(await session.connect(), sid)).service };
          const sender = await session.sender();
          const body = name === "accept-owner" ? { accept_owner: of } : { withdraw_owner: of };
          const { tx } = await session.send(`${doing} ${sid}`, [sender.execute("registry", body)]);
          await show(session, sid, tx, {});
        }),
      );
  }
}

/** What belongs to a service's owner and stands in the market. */
async function goesAlong(connection: Connection, service: number): Promise<{ unclaimed: bigint; bond: bigint }> {
  const [{ bond }, versions] = await Promise.all([
    connection.query("execution-market", "service_bond", { service }),
    versionsOf(connection, service),
  ]);
  let unclaimed = 0n;
  for (const { version } of versions) {
    unclaimed += BigInt((await connection.query("execution-market", "version", { version })).earned);
  }
  return { unclaimed, bond: BigInt(bond) };
}

async function show(session: Session, sid: string, tx: string, more: object): Promise<void> {
  const { service, owner, proposed_owner } = await requireService(await session.connect(), sid);
  const offer = proposed_owner ?? undefined;
  const rows = [
    ["service", `${sid} (${service.toString()})`],
    ["owner", owner],
    ["offered to", offer === undefined ? "nobody" : `${offer.owner}, until ${until(offer.until)}`],
    ["tx", tx],
  ] as const;
  session.output.result(table(rows), { sid, service, owner, proposed_owner: offer ?? null, ...more, tx });
}
