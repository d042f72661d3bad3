/** Turns the market's crank for one execution: ticks, brings the beacon's round, seats the committee. */
import { fromHex, toBase64 } from "@cosmjs/encoding";
import { Failure } from "../../client/index.js";
import type { PanelView, WaitingItem } from "../../client/generated/execution-market.js";
import { pause } from "../market.js";
import type { Stage } from "./stage.js";

const PAUSE_MS = 300;
const PATIENCE_MS = 90_000;

/** Waits until the panel of `round` is drawn, doing what brings that about. */
export async function seat(stage: Stage, execution: string, round: number): Promise<PanelView> {
  const deadline = Date.now() + PATIENCE_MS;
  while (Date.now() < deadline) {
    const { panels } = await stage.connection.query("execution-market", "execution", { execution });
    const panel = panels.find(({ escalation }) => escalation === round);
    if (panel !== undefined) return panel;
    const { waiting } = await stage.connection.query("execution-market", "waiting", {});
    const item = waiting.find((one) => one.execution === execution);
    if (item === undefined || !(await advance(stage, item))) await pause(PAUSE_MS);
  }
  throw new Failure(`round ${round.toString()} of execution ${execution} was not seated`);
}

/** One step towards the draw; false if there is nothing to do but wait. */
async function advance(
  stage: Stage,
  { execution, confirmed, has_rand, round, round_time }: WaitingItem,
): Promise<boolean> {
  const over = Date.now() / 1000 >= Number(round_time);
  if (!confirmed && !over) await stage.send("relay", { tick: {} });
  else if (!confirmed || has_rand) await stage.send("relay", { seat: { executions: [execution] } });
  else {
    const signature = over ? await signatureOf(stage.beacon, round) : undefined;
    if (signature === undefined) return false;
    await stage.send("relay", { submit_beacon: { round, signature, executions: [execution] } });
  }
  return true;
}

/** The signature of a round, in base64; nothing before it is published. */
async function signatureOf(beacon: string, round: string): Promise<string | undefined> {
  const response = await fetch(`${beacon}/public/${round}`, { signal: AbortSignal.timeout(10_000) });
  if (!response.ok) return undefined;
  const { signature } = (await response.json()) as { signature: string };
  return toBase64(fromHex(signature));
}
