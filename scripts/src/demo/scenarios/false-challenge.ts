import { Play } from "./play.js";
import { TABLE } from "./request.js";
import type { Scenario } from "./scenario.js";

export const falseChallenge: Scenario = {
  summary: "a right result is challenged: eleven seats confirm it, and the challenger pays them",
  play: async (stage) => {
    const play = await Play.begin(stage, { input: TABLE });
    await play.challenge();
    await play.end();
    return { play, ending: { outcome: "finalized", slashed: [] } };
  },
};
