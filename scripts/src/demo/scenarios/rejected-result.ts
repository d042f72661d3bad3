import { Play } from "./play.js";
import { COSTS, COSTLY } from "./request.js";
import type { Scenario } from "./scenario.js";

export const rejectedResult: Scenario = {
  summary:
    "under Verify an executor posts a costly assignment as the best: three judges, then five others refuse it, it loses its bond",
  byzantine: { round: 0, seats: [0], act: { lie: COSTLY } },
  play: async (stage) => {
    const play = await Play.begin(stage, { task: "solve", input: COSTS });
    await play.end();
    const slashed = play.slashes("wrong_or_unopened", [0], 0);
    return { play, ending: { outcome: "refunded", reason: "Rejected", slashed } };
  },
};
