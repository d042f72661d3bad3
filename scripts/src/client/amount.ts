/** Amounts of a token: base units on the wire, displayed units for people. */
import { Failure } from "./failure.js";

export interface Unit {
  readonly symbol: string;
  /** Decimal places of the displayed unit. */
  readonly decimals: number;
}

/** "1234500" → "1.2345 MESG". */
export function formatAmount(amount: bigint | string, unit: Unit): string {
  return `${formatNumber(amount, unit)} ${unit.symbol}`;
}

/** "1234500" → "1.2345". */
export function formatNumber(amount: bigint | string, { decimals }: Unit): string {
  const value = BigInt(amount);
  const digits = (value < 0n ? -value : value).toString().padStart(decimals + 1, "0");
  const fraction = digits.slice(digits.length - decimals).replace(/0+$/, "");
  const whole = digits.slice(0, digits.length - decimals);
  return `${value < 0n ? "-" : ""}${whole}${decimals > 0 && fraction !== "" ? `.${fraction}` : ""}`;
}

/** "1.2345" → 1234500n; `field` is what the sentence of refusal names. */
export function parseAmount(field: string, text: string, { decimals, symbol }: Unit): bigint {
  const match = /^(\d{1,39})(?:\.(\d+))?$/.exec(text);
  const [, whole, fraction = ""] = match ?? [];
  if (whole === undefined || fraction.length > decimals) {
    const form = `a decimal number of ${symbol} with at most ${decimals.toString()} places`;
    throw new Failure(`${field} must be ${form}, such as 1.5, got '${text}'`, "usage");
  }
  const amount = BigInt(whole + fraction.padEnd(decimals, "0"));
  if (amount >= 1n << 128n) throw new Failure(`${field} must fit 128 bits, got '${text}'`, "usage");
  return amount;
}
