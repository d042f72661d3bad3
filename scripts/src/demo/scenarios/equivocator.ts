import { Play } from "./play.js";
import { TABLE } from "./request.js";
import type { Scenario } from "./scenario.js";

export const equivocator: Scenario = {
  summary:
    "one validator signs two seals: the agent that is shown both reports it for a fifth of its bond; the result stands",
  byzantine: { seats: [2], act: "sign_twice" },
  play: async (stage) => {
    const play = await Play.begin(stage, { input: TABLE });
    await play.end();
    return { play, ending: { outcome: "finalized", slashed: play.slashes("equivocation", [2]) } };
  },
};
