/** What the scenarios ask for, and how liars answer. */
import type { Input } from "../../client/generated/execution-market.js";

/** Canonical JSON: the example of services/csv-report/README.md. */
export const TABLE: Input = {
  inline: {
    json:
      '{"csv":"city,people,area_km2,checked\\nBern,134591,51.6,2024-05-01\\nChur,37424,54.3,2024-05-02\\nThun,NA,21.6,2024-05-02\\n",' +
      '"digits":2,"empty":["NA"],"quantiles":["0.5"]}',
  },
};

/** One inhabitant more than the answer has that is shown there. */
export const MISCOUNTED =
  '{"columns":[' +
  '{"count":3,"distinct":3,"empty":0,"max_length":4,"min_length":4,"name":"city",' +
  '"top":[{"count":1,"value":"Bern"},{"count":1,"value":"Chur"},{"count":1,"value":"Thun"}],"type":"text"},' +
  '{"count":2,"distinct":2,"empty":1,"max":"134591","mean":"86007.50","min":"37424","name":"people",' +
  '"quantiles":[{"q":"0.5","value":"86007.50"}],"sum":"172016","type":"integer"},' +
  '{"count":3,"distinct":3,"empty":0,"max":"54.3","mean":"42.50","min":"21.6","name":"area_km2",' +
  '"quantiles":[{"q":"0.5","value":"51.60"}],"sum":"127.5","type":"decimal"},' +
  '{"count":3,"distinct":2,"empty":0,"max":"2024-05-02","min":"2024-05-01","name":"checked","type":"date"}],"rows":3}';

/** The example of services/assignment/README.md. */
export const COSTS: Input = { inline: { json: '{"costs":[[9,2,7,8],[6,4,3,7],[5,8,1,8]]}' } };

/** An assignment that costs one more than the best, with the best one's proof. */
export const COSTLY = '{"assignment":[1,2,0],"column_prices":[0,-2,-3,0],"row_prices":[4,6,4],"total":10}';
