/** Asks before what cannot be undone. */
import { createInterface } from "node:readline/promises";
import { Failure } from "../client/index.js";

/** Goes on if the user types "yes". Without a terminal nobody can: then `option` is needed. */
export async function confirm(text: string, option: string): Promise<void> {
  if (!process.stdin.isTTY) throw new Failure(`${text} Add ${option} to do it`, "usage");
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await lines.question(`${text} Go on? Type yes: `);
  lines.close();
  if (answer.trim() !== "yes") throw new Failure("not done");
}
