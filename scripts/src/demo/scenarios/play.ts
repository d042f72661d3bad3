/** One scripted execution: what its seats sign, what is posted, and what everybody paid. */
import { fromHex, toBase64, toHex } from "@cosmjs/encoding";
import {
  attribute,
  declineMessage,
  Failure,
  follow,
  outputDigest,
  roundValue,
  saltOf,
  sealOf,
  sign,
  signMessage,
  type SeatPlace,
  type TimelineItem,
} from "../../client/index.js";
import type { ExecutionResponse, OpenItem, PanelView, SealItem } from "../../client/generated/execution-market.js";
import { Account } from "../account.js";
import { pause } from "../market.js";
import { line } from "../timeline.js";
import { seat } from "./crank.js";
import { INPUT, type Answer } from "./report.js";
import type { PolicyName, Stage } from "./stage.js";

const UNIT = { symbol: "MESG", decimals: 6 };
const FOLLOWING = { pollMs: 150, stalledMs: 60_000 };
const PAUSE_MS = 200;

/** A seat that was drawn. */
export interface ScriptedSeat {
  readonly runner: number;
  readonly place: SeatPlace;
  readonly seed: Uint8Array;
  readonly secret: Uint8Array;
}

/** A seal as its seat signed it. */
export interface SignedSeal {
  readonly seat: ScriptedSeat;
  readonly value: Uint8Array;
  readonly salt: Uint8Array;
  readonly seal: Uint8Array;
  readonly signature: Uint8Array;
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
  static async begin(stage: Stage, options: { own_runner?: number; policy?: PolicyName } = {}): Promise<Play> {
    const { connection } = stage;
    const { policy = "replicate", ...more } = options;
    const terms = stage.terms[policy];
    const { escrow } = await connection.query("execution-market", "quote", { terms, input_len: INPUT.length });
    const item = { terms, input: { inline: { json: INPUT } }, max_fee: escrow, ...more };
    const { events, height } = await stage.send("alice", { request: { items: [item] } });
    const market = connection.address("execution-market");
    return new Play(stage, attribute(events, "market", market, "requested", "execution"), height);
  }

  /** Waits for the draw of a round and gives its seats in draw order. */
  async seated(round: number): Promise<ScriptedSeat[]> {
    return this.#seatsOf(await seat(this.stage, this.execution, round));
  }

  /** The seats of a drawn round as they are now: refills included. */
  async seatsNow(round: number): Promise<ScriptedSeat[]> {
    const panel = (await this.state()).panels.find(({ escalation }) => escalation === round);
    if (panel === undefined) throw new Failure(`round ${round.toString()} is not drawn`);
    return this.#seatsOf(panel);
  }

  #seatsOf({ escalation, seed, seats }: PanelView): ScriptedSeat[] {
    const domain = fromHex(this.stage.domain);
    return seats
      .filter(({ progress }) => progress !== "declined" && progress !== "missed")
      .map(({ runner }) => ({
        runner,
        place: { domain, execution: BigInt(this.execution), round: escalation, runner },
        seed: fromHex(seed ?? ""),
        secret: this.stage.secretOf(runner),
      }));
  }

  state(): Promise<ExecutionResponse> {
    return this.stage.connection.query("execution-market", "execution", { execution: this.execution });
  }

  /** What a seat signs that stands for `answer`. Another salt makes another seal of the same value. */
  sealed(seat: ScriptedSeat, answer: Answer, salt = saltOf(seat.secret, seat.place)): SignedSeal {
    const value = roundValue(seat.place, outputDigest(answer.value));
    const seal = sealOf(seat.place, value, salt);
    return { seat, value, salt, seal, signature: sign(seat.secret, signMessage(seat.place, seat.seed, seal)) };
  }

  async post(seals: readonly SignedSeal[]): Promise<void> {
    const items = seals.map(({ seat: { runner }, seal, signature }): SealItem => ({
      ...{ execution: this.execution, runner },
      ...{ seal: toHex(seal), signature: toBase64(signature) },
    }));
    await this.stage.send("relay", { seal: { items } });
  }

  async open(seals: readonly SignedSeal[]): Promise<void> {
    const items = seals.map(({ seat: { runner }, value, salt }): OpenItem => ({
      ...{ execution: this.execution, runner },
      ...{ value: toHex(value), salt: toHex(salt) },
    }));
    await this.stage.send("relay", { open: { items } });
  }

  async publish({ result, value }: Answer): Promise<void> {
    const item = { execution: this.execution, mfuel: value.mfuel.toString(), result };
    await this.stage.send("relay", { publish: { items: [item] } });
  }

  /** A round on the chain: everybody seals and opens. */
  async round(round: number, answerOf: (index: number) => Answer): Promise<ScriptedSeat[]> {
    const seats = await this.seated(round);
    const seals = seats.map((seat, index) => this.sealed(seat, answerOf(index)));
    await this.post(seals);
    await this.open(seals);
    return seats;
  }

  /** A round in one transaction: everybody stands for one value. */
  async certify(seals: readonly SignedSeal[], { result, value }: Answer): Promise<void> {
    const seats = toBase64(new Uint8Array(seals.flatMap(({ salt, signature }) => [...salt, ...signature])));
    const item = { execution: this.execution, mfuel: value.mfuel.toString(), result, seats };
    await this.stage.send("relay", { certify: { items: [item] } });
  }

  /** The executor whose result is judged shows it. */
  async postResult({ runner, place, seed, secret }: ScriptedSeat, { result, value }: Answer): Promise<void> {
    const held = roundValue(place, outputDigest(value));
    const signature = toBase64(sign(secret, signMessage(place, seed, held)));
    const item = { execution: this.execution, runner, mfuel: value.mfuel.toString(), result, signature };
    await this.stage.send("relay", { post_result: { items: [item] } });
  }

  /** Seats give themselves up; at most six a message. */
  async decline(seats: readonly ScriptedSeat[], code: number): Promise<void> {
    const items = seats.map(({ runner, place, seed, secret }) => {
      const signature = toBase64(sign(secret, declineMessage(place, seed, code)));
      return { execution: this.execution, runner, code, signature };
    });
    await this.stage.send("relay", { decline: { items } });
  }

  /** Bob shows two seals of one seat. */
  async report(first: SignedSeal, second: SignedSeal): Promise<void> {
    const act = ({ seal, signature }: SignedSeal) => ({ seal: { seal: toHex(seal), signature: toBase64(signature) } });
    const acts = { first: act(first), second: act(second) };
    await this.stage.send("bob", {
      report_equivocation: { execution: this.execution, runner: first.seat.runner, ...acts },
    });
  }

  /** Bob doubts the value. */
  async challenge(): Promise<void> {
    await this.stage.send("bob", { challenge: { execution: this.execution } });
  }

  /** Waits for the present deadline and enforces it: settles what is provisional, pokes anything else. */
  async enforce(): Promise<void> {
    const { phase, until } = await this.state();
    if (until === undefined || until === null) throw new Failure(`execution ${this.execution} is over`);
    for (;;) {
      const { header } = await this.stage.connection.client.getBlock();
      const passed = Date.parse(header.time) / 1000 >= Number(until.time) && header.height >= Number(until.height);
      if (passed) break;
      await pause(PAUSE_MS);
    }
    const of = { executions: [this.execution] };
    await this.stage.send("relay", phase === "provisional" ? { settle: of } : { poke: of });
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
