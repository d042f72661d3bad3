import { Play } from "./play.js";
import { RIGHT } from "./report.js";
import type { Scenario } from "./scenario.js";

export const silentOpener: Scenario = {
  summary: "one validator seals and never opens: it counts as a lie, five more seats decide",
  play: async (stage) => {
    const play = await Play.begin(stage);
    const seals = (await play.seated(1)).map((seat) => play.sealed(seat, RIGHT));
    await play.post(seals);
    await play.open(seals.slice(0, 3));
    await play.enforce();
    await play.round(2, () => RIGHT);
    await play.publish(RIGHT);
    await play.enforce();
    const slashed = [{ runner: seals[3]?.seat.runner ?? 0, offence: "wrong_or_unopened" }];
    return { play, ending: { outcome: "finalized", slashed } };
  },
};
