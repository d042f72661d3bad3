import { sha256 } from "@cosmjs/crypto";
import { toHex, toUtf8 } from "@cosmjs/encoding";
import { Play } from "./play.js";
import type { Scenario } from "./scenario.js";

/** Nobody listens there. */
const LOCATOR = "http://127.0.0.1:1/table.json";
const NOWHERE =
  '{"aggregates":[{"column":"people","function":"max"}],"by":["city"],"csv":"city,people\\nBern,134591\\n"}';

export const starvedInputs: Scenario = {
  summary: "nobody can get the input: every runner asked says so early, the execution fails and nobody is slashed",
  play: async (stage) => {
    await stage.untilJournalIsTrusted();
    const input = { digest: { sha256: toHex(sha256(toUtf8(NOWHERE))), len: NOWHERE.length, locator: LOCATOR } };
    const play = await Play.begin(stage, { task: "group", input });
    await play.end();
    return { play, ending: { outcome: "failed", reason: "Unavailable", slashed: [] } };
  },
};
