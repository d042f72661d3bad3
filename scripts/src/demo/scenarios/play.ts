/** One execution of a scenario: what its user does, what happened, and what everybody paid. */
import { attribute, Failure, follow, type TimelineItem } from "../../client/index.js";
import type { ExecutionResponse, Input } from "../../client/generated/execution-market.js";
import { Account } from "../account.js";
import { command, pause } from "../market.js";
import { line } from "../timeline.js";
import type { Slash } from "./scenario.js";
import type { Stage, TaskName } from "./stage.js";

const UNIT = { symbol: "MESG", decimals: 6 };
const FOLLOWING = { pollMs: 150, stalledMs: 60_000 };
const PAUSE_MS = 200;

/** What alice asks for. */
export interface Wanted {
  /** `report` if absent. */
  readonly task?: TaskName;
  readonly input: Input;
  readonly own_runner?: number;
}

export class Play {
  readonly items: TimelineItem[] = [];
  readonly account: Account;
  readonly #end: Promise<void>;

  private constructor(
    readonly stage: Stage,
    readonly execution: string,
    height: number,
  ) {
    this.account = new Account((kind, id) => this.#name(kind, id));
    this.#end = this.#follow(height);
    // Whoever waits for the end sees the failure.
    this.#end.catch(() => undefined);
  }

  /** Alice requests; what happens is printed from now on. */
  static async begin(stage: Stage, { task = "report", ...wanted }: Wanted): Promise<Play> {
    const { connection } = stage;
    const terms = stage.terms[task];
    const { escrow } = await connection.query("execution-market", "quote", {
      terms,
      input_len: lengthOf(wanted.input),
    });
    const item = { terms, max_fee: escrow, ...wanted };
    const { events, height } = await stage.send({ request: { items: [item] } });
    const market = connection.address("execution-market");
    return new Play(stage, attribute(events, "market", market, "requested", "execution"), height);
  }

  state(): Promise<ExecutionResponse> {
    return this.stage.connection.query("execution-market", "execution", { execution: this.execution });
  }

  /** Waits until the execution is in a phase. */
  async until(wanted: string): Promise<void> {
    for (;;) {
      const { phase } = await this.state();
      if (phase === wanted) return;
      if (this.items.at(-1)?.name === "ended") throw new Failure(`the execution ended without being ${wanted}`);
      await pause(PAUSE_MS);
    }
  }

  /** Bob doubts the value as soon as there is one. */
  async challenge(): Promise<void> {
    await this.until("provisional");
    await command("challenge", this.execution, "--key", "bob", "--yes");
  }

  /** What these seats of a round are slashed for, by their positions in the draw. */
  slashes(offence: string, positions: readonly number[], round = 1): Slash[] {
    const seated = this.items.find(
      ({ name, attributes }) => name === "seated" && attributes.escalation === round.toString(),
    );
    const runners = (seated?.attributes.seats ?? "").split(",").map(Number);
    return positions.map((position) => ({ runner: runners[position] ?? 0, offence }));
  }

  /** Waits until everything up to the end is told, and gives the last item. */
  async end(): Promise<TimelineItem> {
    await this.#end;
    const last = this.items.at(-1);
    if (last === undefined) throw new Failure(`execution ${this.execution} was never seen`);
    return last;
  }

  async #follow(from: number): Promise<void> {
    for await (const item of follow(this.stage.connection, this.execution, { ...FOLLOWING, from })) {
      this.items.push(item);
      this.account.book(item);
      process.stdout.write(`${line(item, UNIT, (kind, id) => this.#name(kind, id))}\n`);
    }
  }

  #name(kind: "runner" | "address", id: string): string {
    return kind === "runner" ? `runner ${id}` : this.stage.nameOf(id);
  }
}

function lengthOf(input: Input): number {
  return "inline" in input ? input.inline.json.length : input.digest.len;
}
