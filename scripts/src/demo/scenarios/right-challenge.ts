import { Play } from "./play.js";
import { RIGHT, WRONG } from "./report.js";
import type { Scenario } from "./scenario.js";

export const rightChallenge: Scenario = {
  summary: "all four seats lie alike: a challenger doubts it, eleven seats correct it, the four lose their bonds",
  play: async (stage) => {
    const play = await Play.begin(stage);
    const liars = (await play.seated(1)).map((seat) => play.sealed(seat, WRONG));
    await play.certify(liars, WRONG);
    await play.challenge();
    const jurors = (await play.seated(3)).map((seat) => play.sealed(seat, RIGHT));
    await play.certify(jurors, RIGHT);
    const slashed = liars.map(({ seat: { runner } }) => ({ runner, offence: "wrong_or_unopened" }));
    return { play, ending: { outcome: "corrected", slashed } };
  },
};
