/** `mesg params show|propose|apply|withdraw`, `mesg pause|unpause`, `mesg owner offer|accept`, `mesg pauser`: who governs, and what they may. */
import type { Command } from "commander";
import { Failure } from "../../client/index.js";
import type { ExecuteMsg } from "../../client/index.js";
import { loadBeacon, loadMarketParams } from "../deploy/params.js";
import { table } from "../output.js";
import type { Runner } from "../program.js";
import type { Session } from "../session.js";

type Message = ExecuteMsg<"execution-market">;

interface Which {
  beacon?: boolean;
}

export function addGovernance(program: Command, run: Runner): void {
  addParams(program.command("params").description("parameters and beacon, which change after a notice of 7 days"), run);
  for (const [name, what] of [
    ["pause", "stops new requests, registrations, versions, stakes and opt-ins; every way out stays open"],
    ["unpause", "lets them go on"],
  ] as const) {
    program
      .command(name)
      .description(`${what}; from the pauser`)
      .action(run<[]>((session) => act(session, name, name === "pause" ? { pause: {} } : { unpause: {} })));
  }
  const owner = program.command("owner").description("the market's owner, who proposes changes and names the pauser");
  owner
    .command("offer")
    .description("offers the owner's role for 14 days, or takes an offer back; from the owner")
    .argument("<address>", "who may take it; 'nobody' takes the offer back")
    .action(
      run<[string]>((session, address) =>
        act(session, `offering the owner's role to ${address}`, { offer_ownership: { to: somebody(address) } }),
      ),
    );
  owner
    .command("accept")
    .description("takes the owner's role; from whom it is offered to")
    .action(run<[]>((session) => act(session, "accepting the owner's role", { accept_ownership: {} })));
  program
    .command("pauser")
    .description("names who may pause; from the owner")
    .argument("<address>", "its address, or 'nobody'")
    .action(
      run<[string]>((session, address) =>
        act(session, `making ${address} the pauser`, { set_pauser: { pauser: somebody(address) } }),
      ),
    );
}

function addParams(params: Command, run: Runner): void {
  params
    .command("show")
    .description("the parameters in force, what is proposed, and who governs")
    .action(run<[]>((session) => show(session)));
  params
    .command("propose")
    .description("announces other parameters, or with --beacon another beacon; from the owner")
    .argument("[file]", "a params.json; its 'market' is proposed")
    .option("--beacon <url>", "HTTP address of the beacon that is proposed")
    .action(
      run<[string | undefined, { beacon?: string }]>(async (session, file, { beacon }) => {
        if ((file === undefined) === (beacon === undefined)) {
          throw new Failure("name a file with parameters, or a beacon with --beacon", "usage");
        }
        const propose =
          beacon === undefined ? { params: loadMarketParams(file ?? "") } : { beacon: await loadBeacon(beacon) };
        await act(session, "proposing", { propose });
      }),
    );
  for (const [name, verb, what] of [
    ["apply", "applying", "brings proposed parameters into force whose notice is over; from anyone"],
    ["withdraw", "withdrawing", "takes proposed parameters back; from the owner"],
  ] as const) {
    params
      .command(name)
      .description(what)
      .option("--beacon", "the proposed beacon instead")
      .action(
        run<[Which]>((session, { beacon = false }) => {
          const change = { change: beacon ? ("beacon" as const) : ("params" as const) };
          return act(session, `${verb} the proposal`, name === "apply" ? { apply: change } : { revoke: change });
        }),
      );
  }
}

const somebody = (address: string): string | null => (address === "nobody" ? null : address);

async function act(session: Session, what: string, message: Message): Promise<void> {
  const sender = await session.sender();
  const { tx } = await session.send(what, [sender.execute("execution-market", message)]);
  await show(session, tx);
}

async function show(session: Session, tx?: string): Promise<void> {
  const connection = await session.connect();
  const { id, params } = await connection.query("execution-market", "params", {});
  const { beacon, beacon_no = 0 } = await connection.query("execution-market", "config", {});
  const governance = await connection.query("execution-market", "governance", {});
  const { owner, pauser, proposals } = governance;
  const [offer, paused] = [governance.offer ?? undefined, governance.paused ?? undefined];
  const day = (seconds: string): string => new Date(Number(seconds) * 1000).toISOString();
  const rows: [string, string][] = [
    ["owner", `${owner ?? "nobody"}${offer === undefined ? "" : `, offered to ${offer.to} until ${day(offer.until)}`}`],
    ["pauser", pauser ?? "nobody"],
    ["paused", paused === undefined ? "no" : `since ${day(paused)}`],
    ["beacon", `${beacon_no.toString()}: ${JSON.stringify(beacon)}`],
    ["params", `${id.toString()}: ${JSON.stringify(params)}`],
    ...proposals.map(({ change, eta, height, until }): [string, string] => [
      "proposed",
      `from ${day(eta)} and height ${height} until ${day(until)}: ${JSON.stringify(change)}`,
    ]),
  ];
  if (tx !== undefined) rows.push(["tx", tx]);
  session.output.result(table(rows), {
    id,
    params,
    beacon,
    beacon_no,
    governance,
    ...(tx === undefined ? {} : { tx }),
  });
}
