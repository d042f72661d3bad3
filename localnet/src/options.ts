/** Reads the integer of the command-line option `--name` and refuses what is outside `least` to `most`. */
export function numberOption(name: string, text: string | undefined, least: number, most: number): number {
  const value = text !== undefined && /^[0-9]+$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= least && value <= most)) {
    throw new Error(
      `--${name} must be an integer from ${least.toString()} to ${most.toString()}, got ${text ?? "nothing"}`,
    );
  }
  return value;
}
