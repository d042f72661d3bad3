/** What the scenarios ask for, and what seats may answer. */
import { KINDS, outputValue, type Value } from "../../client/index.js";
import type { ResultItem } from "../../client/generated/execution-market.js";

/** What is shown, and the value that seats agree on. */
export interface Answer {
  readonly result: ResultItem;
  readonly value: Value;
}

/** Canonical JSON: the example of services/csv-report/README.md. */
export const INPUT =
  '{"csv":"city,people,area_km2,checked\\nBern,134591,51.6,2024-05-01\\nChur,37424,54.3,2024-05-02\\nThun,NA,21.6,2024-05-02\\n",' +
  '"digits":2,"empty":["NA"],"quantiles":["0.5"]}';

const OUTPUT =
  '{"columns":[' +
  '{"count":3,"distinct":3,"empty":0,"max_length":4,"min_length":4,"name":"city",' +
  '"top":[{"count":1,"value":"Bern"},{"count":1,"value":"Chur"},{"count":1,"value":"Thun"}],"type":"text"},' +
  '{"count":2,"distinct":2,"empty":1,"max":"134591","mean":"86007.50","min":"37424","name":"people",' +
  '"quantiles":[{"q":"0.5","value":"86007.50"}],"sum":"172015","type":"integer"},' +
  '{"count":3,"distinct":3,"empty":0,"max":"54.3","mean":"42.50","min":"21.6","name":"area_km2",' +
  '"quantiles":[{"q":"0.5","value":"51.60"}],"sum":"127.5","type":"decimal"},' +
  '{"count":3,"distinct":2,"empty":0,"max":"2024-05-02","min":"2024-05-01","name":"checked","type":"date"}],"rows":3}';

/** What the component answers, as the tests of csv-report show. */
export const RIGHT = answer(OUTPUT, 1n);
/** A lie: one more inhabitant. */
export const WRONG = answer(OUTPUT.replace('"172015"', '"172016"'), 1n);
/** The lie of an executor whose fuel nobody attests, and what its judges answer. */
export const WRONG_TO_CHECK = answer(OUTPUT.replace('"172015"', '"172016"'), 0n);
export const INVALID: Answer = {
  result: { invalid: {} },
  value: { kind: KINDS.invalid, code: 0, output: new Uint8Array(32), outputLen: 0n, mfuel: 0n },
};

function answer(json: string, mfuel: bigint): Answer {
  return { result: { inline: { json } }, value: outputValue(json, mfuel) };
}
