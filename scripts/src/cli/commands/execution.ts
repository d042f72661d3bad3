/** `mesg execution …` */
import type { Command } from "commander";
import type {
  At,
  ChallengeView,
  ExecutionResponse,
  PanelView,
  SeatView,
  ValueView,
} from "../../client/generated/execution-market.js";
import { executionId } from "../fields.js";
import { table } from "../output.js";
import type { Runner } from "../program.js";
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
        session.output.result(await executionText((value) => session.amount(value), found), found);
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

/** What `execution show` says. */
export async function executionText(
  amount: (value: string) => Promise<string>,
  found: ExecutionResponse,
): Promise<string> {
  const { challenge, own_runner: own } = found;
  const rows: (readonly [string, string])[] = [
    ["execution", found.execution],
    ["requester", found.requester],
    ["phase", `${inRound(found.phase, found.escalation)}${found.reason ? `: ${found.reason}` : ""}`],
    ["until", found.until ? when(found.until) : "over"],
    [
      "task",
      `service ${found.service.toString()}, version ${found.version.toString()}, terms ${found.terms.toString()}`,
    ],
    [
      "checked by",
      `${found.validators.toString()} validators in round 1${found.verify ? ", with the task's checker" : ""}`,
    ],
    ...(typeof own === "number" ? [["own runner", own.toString()] as const] : []),
    ["input", `${found.input.len.toString()} bytes, sha256 ${found.input.sha256}`],
    ["escrow", await amount(found.escrow)],
    ["penalties", await amount(found.pot)],
    ["beacon round", found.round],
    ...(found.panels.length === 0 ? [["seats", "not drawn yet"] as const] : found.panels.flatMap(panelRows)),
    ...(found.result ? [["posted", valueText(found.result)] as const] : []),
    ["value", found.value ? `${valueText(found.value)}${valueSource(found)}` : "none yet"],
    ...(challenge ? [["challenge", await challengeText(amount, challenge)] as const] : []),
    ["requested", when(found.requested)],
    ...found.history.map(({ phase, escalation, at }) => [inRound(phase, escalation), when(at)] as const),
  ];
  return table(rows);
}

function inRound(phase: string, round: number): string {
  return round === 0 ? phase : `${phase} ${round.toString()}`;
}

function panelRows({ escalation, seats, spares, declined }: PanelView): (readonly [string, string])[] {
  const name = escalation === 0 ? "executor" : `round ${escalation.toString()}`;
  const others = [
    ...(spares.length > 0 ? [`spares ${spares.join(" ")}`] : []),
    ...(declined.length > 0 ? [`declined by ${declined.join(" ")}`] : []),
  ];
  const held = seats.map((seat, index) => seatText(seat, escalation === 1 && index === 0)).join(", ");
  return [[name, held], ...others.map((text) => ["", text] as const)];
}

function seatText({ runner, progress, passed_slot, equivocated }: SeatView, first: boolean): string {
  const remarks = [
    ...(first ? ["first"] : []),
    ...(passed_slot ? ["let its slot pass"] : []),
    ...(equivocated ? ["signed two acts"] : []),
  ];
  return `${runner.toString()} ${progress}${remarks.length > 0 ? ` (${remarks.join(", ")})` : ""}`;
}

const KIND_NAMES = ["Ok", "Err", "Valid", "Invalid"];

function valueText({ kind, code, output }: ValueView): string {
  const name = KIND_NAMES[kind] ?? kind.toString();
  if (kind === 1) return `${name} ${code.toString()}`;
  return kind === 3 ? name : `${name}, sha256 ${output}`;
}

function valueSource({ decided, unattested }: ExecutionResponse): string {
  if (unattested) return ", attested by nobody";
  return decided === 0 ? "" : `, decided in round ${decided.toString()}`;
}

async function challengeText(amount: (value: string) => Promise<string>, challenge: ChallengeView): Promise<string> {
  const { challenger, bond, right } = challenge;
  const verdict = typeof right === "boolean" ? (right ? "right" : "wrong") : "without a verdict";
  return `${verdict}, with a bond of ${await amount(bond)} by ${challenger}`;
}

function when({ time, height }: At): string {
  return `${new Date(Number(time) * 1000).toISOString()}, height ${height}`;
}
