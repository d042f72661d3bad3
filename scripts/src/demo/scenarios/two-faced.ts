import { Play } from "./play.js";
import { TABLE } from "./request.js";
import type { Scenario } from "./scenario.js";

export const twoFaced: Scenario = {
  summary:
    "one validator posts another seal than it shows: the agent finds its transaction and reports both; the result stands",
  byzantine: { seats: [2], act: "show_another" },
  play: async (stage) => {
    const play = await Play.begin(stage, { input: TABLE });
    await play.end();
    return { play, ending: { outcome: "finalized", slashed: play.slashes("equivocation", [2]) } };
  },
};
