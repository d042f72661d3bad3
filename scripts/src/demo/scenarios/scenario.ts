/** What a scenario is. */
import type { Byzantine } from "../agents.js";
import type { Play } from "./play.js";
import type { Stage } from "./stage.js";

/** Who must be slashed for what. */
export interface Slash {
  readonly runner: number;
  /** As the event `slashed` names it. */
  readonly offence: string;
}

/** How an execution must end. */
export interface Ending {
  readonly outcome: "finalized" | "corrected" | "failed" | "refunded";
  /** Error name or reason of the refund; none with a result. */
  readonly reason?: string;
  /** Nobody else is slashed. */
  readonly slashed: readonly Slash[];
}

export interface Scenario {
  /** What it shows, in one sentence. */
  readonly summary: string;
  /** Seats of the agent that misbehave; all are honest if absent. */
  readonly byzantine?: Byzantine;
  /** Requests an execution, does what users do, and waits for the end. */
  readonly play: (stage: Stage) => Promise<{ readonly play: Play; readonly ending: Ending }>;
}
