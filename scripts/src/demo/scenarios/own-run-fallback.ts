import { Play } from "./play.js";
import { RIGHT } from "./report.js";
import type { Scenario } from "./scenario.js";

export const ownRunFallback: Scenario = {
  summary: "the requester's own runner is late: the network executes, certified in one transaction",
  play: async (stage) => {
    const play = await Play.begin(stage, { own_runner: await stage.registerIdle() });
    await play.enforce();
    const seals = (await play.seated(1)).map((seat) => play.sealed(seat, RIGHT));
    await play.certify(seals, RIGHT);
    await play.enforce();
    return { play, ending: { outcome: "finalized", slashed: [] } };
  },
};
