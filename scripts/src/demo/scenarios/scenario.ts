/** What a scenario is. */
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
  /** Requests an execution and plays every part in it. */
  readonly play: (stage: Stage) => Promise<{ readonly play: Play; readonly ending: Ending }>;
}
