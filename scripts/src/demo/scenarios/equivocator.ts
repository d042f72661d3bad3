import { sha256 } from "@cosmjs/crypto";
import { Failure } from "../../client/index.js";
import { Play } from "./play.js";
import { RIGHT } from "./report.js";
import type { Scenario } from "./scenario.js";

export const equivocator: Scenario = {
  summary: "one validator signs two seals: who shows both gets a fifth of its bond; the result stands",
  play: async (stage) => {
    const play = await Play.begin(stage);
    const seals = (await play.seated(1)).map((seat) => play.sealed(seat, RIGHT));
    const first = seals[2];
    if (first === undefined) throw new Failure("round 1 has no third seat");
    await play.certify(seals, RIGHT);
    await play.report(first, play.sealed(first.seat, RIGHT, sha256(first.salt)));
    await play.enforce();
    return {
      play,
      ending: { outcome: "finalized", slashed: [{ runner: first.seat.runner, offence: "equivocation" }] },
    };
  },
};
