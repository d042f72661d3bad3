import { Play } from "./play.js";
import { MISCOUNTED, TABLE } from "./request.js";
import type { Scenario } from "./scenario.js";

export const lyingValidator: Scenario = {
  summary: "one validator lies: five more seats decide, it loses half its bond, which pays them",
  byzantine: { seats: [3], act: { lie: MISCOUNTED } },
  play: async (stage) => {
    const play = await Play.begin(stage, { input: TABLE });
    await play.end();
    return { play, ending: { outcome: "finalized", slashed: play.slashes("wrong_or_unopened", [3]) } };
  },
};
