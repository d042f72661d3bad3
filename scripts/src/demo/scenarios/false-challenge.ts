import { Play } from "./play.js";
import { RIGHT } from "./report.js";
import type { Scenario } from "./scenario.js";

export const falseChallenge: Scenario = {
  summary: "a right result is challenged: eleven seats confirm it, and the challenger pays them",
  play: async (stage) => {
    const play = await Play.begin(stage);
    const first = (await play.seated(1)).map((seat) => play.sealed(seat, RIGHT));
    await play.certify(first, RIGHT);
    await play.challenge();
    const third = (await play.seated(3)).map((seat) => play.sealed(seat, RIGHT));
    await play.certify(third, RIGHT);
    return { play, ending: { outcome: "finalized", slashed: [] } };
  },
};
