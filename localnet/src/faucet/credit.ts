/** The body of `POST /credit` and who may get something now. */
import { fromBech32 } from "@cosmjs/encoding";

export interface CreditRequest {
  readonly address: string;
  readonly denom: string;
}

/** Reads a request for one of `denoms` to an address with `prefix`; throws an error that names what is wrong. */
export function readCredit(body: string, prefix: string, denoms: readonly string[]): CreditRequest {
  const parsed: unknown = parseObject(body);
  const { address, denom } = parsed as { address?: unknown; denom?: unknown };
  if (typeof address !== "string" || address === "") throw new Error("Property 'address' must be a non-empty string.");
  if (typeof denom !== "string" || denom === "") throw new Error("Property 'denom' must be a non-empty string.");
  if (!isAddress(address, prefix)) throw new Error(`'${address}' is not an address with prefix '${prefix}'.`);
  if (!denoms.includes(denom)) throw new Error(`Token is not available. Available tokens are: ${denoms.join(", ")}`);
  return { address, denom };
}

function parseObject(body: string): object {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    parsed = undefined;
  }
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) {
    throw new Error("The body must be a JSON object with 'address' and 'denom'.");
  }
  return parsed;
}

function isAddress(text: string, prefix: string): boolean {
  try {
    const { prefix: got, data } = fromBech32(text);
    // Chains write addresses in lower case; an account has 20 bytes, a contract 32.
    return got === prefix && text === text.toLowerCase() && (data.length === 20 || data.length === 32);
  } catch {
    return false;
  }
}

/** Remembers when an address was last credited; times in milliseconds. */
export class CoolDown {
  readonly #last = new Map<string, number>();

  constructor(readonly duration: number) {}

  /** Milliseconds until `address` may be credited again at `now`, 0 if it may. */
  remaining(address: string, now: number): number {
    const last = this.#last.get(address);
    return last === undefined ? 0 : Math.max(0, last + this.duration - now);
  }

  /** Starts the cool-down of `address` and forgets those that are over. */
  start(address: string, now: number): void {
    for (const [other, last] of this.#last) {
      if (last + this.duration > now) break;
      this.#last.delete(other);
    }
    this.#last.delete(address);
    this.#last.set(address, now);
  }

  /** Takes `address` back out: nothing was sent. */
  cancel(address: string): void {
    this.#last.delete(address);
  }
}
