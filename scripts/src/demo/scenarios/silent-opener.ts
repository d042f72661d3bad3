import { Play } from "./play.js";
import { TABLE } from "./request.js";
import type { Scenario } from "./scenario.js";

export const silentOpener: Scenario = {
  summary: "one validator seals and never opens: it counts as a lie, five more seats decide",
  byzantine: { seats: [3], act: "never_open" },
  play: async (stage) => {
    const play = await Play.begin(stage, { input: TABLE });
    await play.end();
    return { play, ending: { outcome: "finalized", slashed: play.slashes("wrong_or_unopened", [3]) } };
  },
};
