import { Failure } from "../../client/index.js";
import { Play } from "./play.js";
import { INVALID, WRONG_TO_CHECK } from "./report.js";
import type { Scenario } from "./scenario.js";

export const rejectedResult: Scenario = {
  summary: "under Verify an executor posts a lie: three judges, then five others refuse it, and it loses its bond",
  play: async (stage) => {
    const play = await Play.begin(stage, { policy: "verify" });
    const [executor] = await play.seated(0);
    if (executor === undefined) throw new Failure("nobody executes");
    await play.postResult(executor, WRONG_TO_CHECK);
    for (const round of [1, 2]) {
      const judges = (await play.seated(round)).map((seat) => play.sealed(seat, INVALID));
      await play.certify(judges, INVALID);
    }
    await play.enforce();
    const slashed = [{ runner: executor.runner, offence: "wrong_or_unopened" }];
    return { play, ending: { outcome: "refunded", reason: "Rejected", slashed } };
  },
};
