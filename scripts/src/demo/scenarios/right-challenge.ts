import { Play } from "./play.js";
import { MISCOUNTED, TABLE } from "./request.js";
import type { Scenario } from "./scenario.js";

const ALL = [0, 1, 2, 3];

export const rightChallenge: Scenario = {
  summary: "all four seats lie alike: a challenger doubts it, eleven seats correct it, the four lose their bonds",
  byzantine: { seats: ALL, act: { lie: MISCOUNTED } },
  play: async (stage) => {
    const play = await Play.begin(stage, { input: TABLE });
    await play.challenge();
    await play.end();
    return { play, ending: { outcome: "corrected", slashed: play.slashes("wrong_or_unopened", ALL) } };
  },
};
