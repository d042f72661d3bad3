/** Integers among the arguments. */
import { InvalidArgumentError } from "commander";

/** Reads an integer from `least` to `most`. */
export function integer(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= least && value <= most) return value;
    throw new InvalidArgumentError(`It must be an integer from ${least.toString()} to ${most.toString()}.`);
  };
}

/** Numbers of services, versions, terms and runners. */
export const id = integer(1, 0xffff_ffff);

/** Number of an execution, which may have 64 bits. */
export function executionId(text: string): string {
  if (/^[1-9]\d{0,18}$/.test(text)) return text;
  throw new InvalidArgumentError("It must be a positive integer.");
}

/** Collects an option that may be given more than once. */
export function collect<T>(parse: (text: string) => T): (text: string, before: T[] | undefined) => T[] {
  return (text, before) => [...(before ?? []), parse(text)];
}
