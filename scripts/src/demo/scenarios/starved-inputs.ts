import { Play } from "./play.js";
import type { Scenario } from "./scenario.js";

/** "Unavailable": the input cannot be had. */
const UNAVAILABLE = 1;
/** Four seats, two spares and six more of the same draw. */
const ASKED = 12;

export const starvedInputs: Scenario = {
  summary: "nobody can get the input: every runner asked says so early, the execution fails and nobody is slashed",
  play: async (stage) => {
    const play = await Play.begin(stage);
    let seats = await play.seated(1);
    for (let asked = seats.length; ; asked += seats.length) {
      await play.decline(seats, UNAVAILABLE);
      if (asked >= ASKED) break;
      seats = await play.seatsNow(1);
    }
    await play.enforce();
    return { play, ending: { outcome: "failed", reason: "Unavailable", slashed: [] } };
  },
};
