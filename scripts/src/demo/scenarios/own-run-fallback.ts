import { Play } from "./play.js";
import { TABLE } from "./request.js";
import type { Scenario } from "./scenario.js";

export const ownRunFallback: Scenario = {
  summary: "the requester's own runner has no agent: after its deadline the network executes",
  play: async (stage) => {
    const play = await Play.begin(stage, { input: TABLE, own_runner: await stage.registerIdle() });
    await play.end();
    return { play, ending: { outcome: "finalized", slashed: [] } };
  },
};
