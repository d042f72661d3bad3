/** All scenarios by name. */
import { Failure } from "../../client/index.js";
import { equivocator } from "./equivocator.js";
import { falseChallenge } from "./false-challenge.js";
import { lyingExecutor } from "./lying-executor.js";
import { lyingValidator } from "./lying-validator.js";
import { ownRunFallback } from "./own-run-fallback.js";
import { rejectedResult } from "./rejected-result.js";
import { rightChallenge } from "./right-challenge.js";
import type { Scenario } from "./scenario.js";
import { silentOpener } from "./silent-opener.js";
import { starvedInputs } from "./starved-inputs.js";
import { twoFaced } from "./two-faced.js";

export const SCENARIOS: ReadonlyMap<string, Scenario> = new Map([
  ["lying-executor", lyingExecutor],
  ["lying-validator", lyingValidator],
  ["silent-opener", silentOpener],
  ["equivocator", equivocator],
  ["two-faced", twoFaced],
  ["false-challenge", falseChallenge],
  ["right-challenge", rightChallenge],
  ["rejected-result", rejectedResult],
  ["starved-inputs", starvedInputs],
  ["own-run-fallback", ownRunFallback],
]);

/** The scenarios that a list names, separated by spaces or commas; `all` is all of them. */
export function chosen(list: string): [string, Scenario][] {
  const names = list.split(/[\s,]+/).filter((name) => name !== "");
  if (names.length === 1 && names[0] === "all") return [...SCENARIOS];
  return names.map((name) => {
    const scenario = SCENARIOS.get(name);
    if (scenario !== undefined) return [name, scenario];
    throw new Failure(`there is no scenario '${name}', there are: ${[...SCENARIOS.keys()].join(" ")}`);
  });
}
