/** `mesg service status|resume|unbond|withdraw-bond`: whether a service takes requests, and its bond. */
import type { Command } from "commander";
import { Failure } from "../../client/index.js";
import type { ServiceRef } from "../../client/generated/execution-market.js";
import type { Status } from "../../client/generated/registry.js";
import { table } from "../output.js";
import type { Runner } from "../program.js";
import { requireService } from "../service/lookup.js";
import type { Session } from "../session.js";

const UNSETTLED = "; paused by the market, because its executions could not be agreed on: mesg service resume";
const STATUSES: readonly Status[] = ["active", "paused", "retired"];

const MESSAGES = {
  resume: (of: ServiceRef) => ({ resume_service: of }),
  unbond: (of: ServiceRef) => ({ unbond_service: of }),
  "withdraw-bond": (of: ServiceRef) => ({ withdraw_service_bond: of }),
};

export function addStanding(service: Command, run: Runner): void {
  service
    .command("status")
    .description("pauses a service, takes requests again, or retires it; from its owner")
    .argument("<sid>", "the service's name")
    .argument("<status>", STATUSES.join(", "))
    .option("--for-ever", "needed to retire, which cannot be undone")
    .action(
      run<[string, string, { forEver?: boolean }]>(async (session, sid, wanted, { forEver = false }) => {
        const status = STATUSES.find((one) => one === wanted);
        if (status === undefined) {
          throw new Failure(`status must be ${STATUSES.join(", ")}, got '${wanted}'`, "usage");
        }
        if (status === "retired" && !forEver) {
          throw new Failure("a retired service never takes requests or versions again: add --for-ever", "usage");
        }
        const { service: number } = await requireService(await session.connect(), sid);
        const sender = await session.sender();
        const message = sender.execute("registry", { set_status: { service: number, status } });
        const { tx } = await session.send(`making ${sid} ${status}`, [message]);
        await show(session, sid, tx);
      }),
    );
  for (const [name, what] of [
    ["resume", "takes requests again after too many executions that could not be agreed on"],
    ["unbond", "starts the notice after which the bond may be withdrawn; requests are refused from now on"],
    ["withdraw-bond", "moves a bond whose notice is over into the owner's purse"],
  ] as const) {
    service
      .command(name)
      .description(`${what}; from the service's owner`)
      .argument("<sid>", "the service's name")
      .action(
        run<[string]>(async (session, sid) => {
          const { service: number } = await requireService(await session.connect(), sid);
          const sender = await session.sender();
          const of = { service: number };
          const message = sender.execute("execution-market", MESSAGES[name](of));
          const { tx } = await session.send(`${name} of ${sid}`, [message]);
          await show(session, sid, tx);
        }),
      );
  }
}

async function show(session: Session, sid: string, tx: string): Promise<void> {
  const connection = await session.connect();
  const { service, status } = await requireService(connection, sid);
  const { bond, release, paused } = await connection.query("execution-market", "service_bond", { service });
  const notice =
    release === null || release === undefined
      ? ""
      : `, free from ${new Date(Number(release.time) * 1000).toISOString()} and height ${release.height} on`;
  const rows = [
    ["service", `${sid} (${service.toString()}), ${status}${paused ? UNSETTLED : ""}`],
    ["bond", `${await session.amount(bond)}${notice}`],
    ["tx", tx],
  ] as const;
  session.output.result(table(rows), { sid, service, status, bond, release: release ?? null, paused, tx });
}
