import { Play } from "./play.js";
import { RIGHT, WRONG } from "./report.js";
import type { Scenario } from "./scenario.js";

export const lyingExecutor: Scenario = {
  summary:
    "the executor lies, the validators do not: five more seats decide, the result is corrected, the executor loses its bond",
  play: async (stage) => {
    const play = await Play.begin(stage);
    const [liar] = await play.round(1, (index) => (index === 0 ? WRONG : RIGHT));
    await play.round(2, () => RIGHT);
    await play.publish(RIGHT);
    await play.enforce();
    const slashed = [{ runner: liar?.runner ?? 0, offence: "wrong_or_unopened" }];
    return { play, ending: { outcome: "corrected", slashed } };
  },
};
