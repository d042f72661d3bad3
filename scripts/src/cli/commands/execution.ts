/** `mesg execution …` */
import type { Command } from "commander";
import type { At, ExecutionResponse } from "../../client/generated/execution-market.js";
import { executionId } from "../fields.js";
import { table } from "../output.js";
import type { Runner } from "../program.js";
import type { Session } from "../session.js";
import { watch } from "../watch.js";

export function addExecution(program: Command, run: Runner): void {
  const execution = program.command("execution").description("executions");
  execution
    .command("show")
    .description("one execution: where it stands, who is seated, what it costs")
    .argument("<id>", "its number", executionId)
    .action(
      run<[string]>(async (session, number) => {
        const connection = await session.connect();
        const found = await connection.query("execution-market", "execution", { execution: number });
        session.output.result(await text(session, found), found);
      }),
    );
  execution
    .command("watch")
    .description("what happens to an execution from its request to its end")
    .argument("<id>", "its number", executionId)
    .action(
      run<[string]>(async (session, number) => {
        const connection = await session.connect();
        const found = await connection.query("execution-market", "execution", { execution: number });
        await watch(session, number, Number(found.requested.height));
      }),
    );
}

async function text(session: Session, found: ExecutionResponse): Promise<string> {
  const { value } = found;
  const seats = found.seats.map(({ runner, progress }, index) => {
    return `${runner.toString()} ${progress}${index === 0 ? " (primary)" : ""}`;
  });
  const rows: (readonly [string, string])[] = [
    ["execution", found.execution],
    ["requester", found.requester],
    ["phase", `${found.phase}${found.reason ? `: ${found.reason}` : ""}`],
    ["until", found.until ? when(found.until) : "over"],
    [
      "task",
      `service ${found.service.toString()}, version ${found.version.toString()}, terms ${found.terms.toString()}`,
    ],
    ["input", `${found.input.len.toString()} bytes, sha256 ${found.input.sha256}`],
    ["escrow", await session.amount(found.escrow)],
    ["penalties", await session.amount(found.pot)],
    ["beacon round", found.round],
    ["seats", seats.join(", ") || "not drawn yet"],
    ["spares", found.spares.join(" ") || "none"],
    [
      "value",
      value ? `${value.kind === 0 ? "Ok" : `Err ${value.code.toString()}`}, sha256 ${value.output}` : "none yet",
    ],
    ["requested", when(found.requested)],
    ...found.history.map(({ phase, at }) => [phase, when(at)] as const),
  ];
  return table(rows);
}

function when({ time, height }: At): string {
  return `${new Date(Number(time) * 1000).toISOString()}, height ${height}`;
}
