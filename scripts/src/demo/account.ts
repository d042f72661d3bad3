/** What everybody paid and earned: one account a party, filled from the market's events; together they are zero. */
import type { TimelineItem } from "../client/index.js";

/** The share of an equivocation's slash that goes to who reported it. */
const REPORTERS_PART = 5n;

export class Account {
  readonly #balances = new Map<string, bigint>();

  /** Who challenged, by execution. */
  readonly #challengers = new Map<string, string>();

  constructor(private readonly name: (kind: "runner" | "address", id: string) => string) {}

  /** Books one event. */
  book({ name, attributes: a, sender }: TimelineItem): void {
    if (name === "requested") this.#add("alice (user)", -amount(a.escrow));
    if (name === "paid") this.#add(this.name("runner", a.runner ?? ""), amount(a.amount));
    if (name === "slashed") this.#bookSlash(a, sender);
    if (name === "challenged") {
      this.#challengers.set(a.execution ?? "", a.challenger ?? "");
      this.#add(this.#challenger(a.execution), -amount(a.bond));
    }
    if (name === "challenge_closed") this.#add(this.#challenger(a.execution), amount(a.amount));
    if (name === "tipped") this.#add(`${this.name("address", a.account ?? "")}: tips`, amount(a.amount));
    if (name === "ended") {
      this.#add("alice (user)", amount(a.user));
      this.#add("developer", amount(a.developer));
      this.#add("block producers' pot", amount(a.producers));
      this.#add("burned", amount(a.burn));
      if (amount(a.service_bond) > 0n) this.#add("service bond", -amount(a.service_bond));
    }
  }

  #challenger(execution = ""): string {
    return `${this.name("address", this.#challengers.get(execution) ?? "")} (challenger)`;
  }

  #bookSlash({ runner = "", offence, amount: taken }: TimelineItem["attributes"], sender: string): void {
    this.#add(this.name("runner", runner), -amount(taken));
    if (offence === "equivocation") {
      this.#add(`${this.name("address", sender)} (reporter)`, amount(taken) / REPORTERS_PART);
    }
  }

  #add(party: string, change: bigint): void {
    this.#balances.set(party, (this.#balances.get(party) ?? 0n) + change);
  }

  /** Parties with what they paid (negative) or earned, the user first. */
  rows(): [string, bigint][] {
    const rank = (party: string) => (party.startsWith("alice") ? "0" : party.startsWith("runner") ? "1" : "2") + party;
    return [...this.#balances].sort(([left], [right]) =>
      rank(left).localeCompare(rank(right), "en", { numeric: true }),
    );
  }

  /** What must be zero. */
  sum(): bigint {
    return [...this.#balances.values()].reduce((sum, change) => sum + change, 0n);
  }
}

function amount(text: string | undefined): bigint {
  return BigInt(text ?? "0");
}
