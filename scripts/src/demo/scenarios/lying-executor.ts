import { Play } from "./play.js";
import { MISCOUNTED, TABLE } from "./request.js";
import type { Scenario } from "./scenario.js";

export const lyingExecutor: Scenario = {
  summary:
    "the executor lies, the validators do not: five more seats decide, the result is corrected, the executor loses its bond",
  byzantine: { seats: [0], act: { lie: MISCOUNTED } },
  play: async (stage) => {
    const play = await Play.begin(stage, { input: TABLE });
    await play.end();
    return { play, ending: { outcome: "corrected", slashed: play.slashes("wrong_or_unopened", [0]) } };
  },
};
