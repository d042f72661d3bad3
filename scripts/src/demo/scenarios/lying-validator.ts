import { Play } from "./play.js";
import { RIGHT, WRONG } from "./report.js";
import type { Scenario } from "./scenario.js";

export const lyingValidator: Scenario = {
  summary: "one validator lies: five more seats decide, it loses half its bond, which pays them",
  play: async (stage) => {
    const play = await Play.begin(stage);
    const seats = await play.round(1, (index) => (index === 3 ? WRONG : RIGHT));
    await play.round(2, () => RIGHT);
    await play.publish(RIGHT);
    await play.enforce();
    const slashed = [{ runner: seats[3]?.runner ?? 0, offence: "wrong_or_unopened" }];
    return { play, ending: { outcome: "finalized", slashed } };
  },
};
