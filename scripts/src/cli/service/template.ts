/** The service.yaml that `mesg service init` writes. */
import { sha256 } from "@cosmjs/crypto";
import { toHex } from "@cosmjs/encoding";
import { writeFileSync } from "node:fs";
import { dirname, relative } from "node:path";
import { readBytes } from "../networks.js";
import { check } from "../refusal.js";
import { serviceFile } from "./schema.js";

/** Writes the file and gives the component's digest. */
export function writeTemplate(sid: string, component: string, out: string): string {
  const digest = toHex(sha256(readBytes(component)));
  check(serviceFile.shape.sid, sid, "sid");
  writeFileSync(out, template(sid, relative(dirname(out), component), digest), { flag: "wx" });
  return digest;
}

function template(sid: string, component: string, digest: string): string {
  return `# What \`mesg service publish\` puts on chain. Amounts are base units, sizes bytes, times seconds.
sid: ${JSON.stringify(sid)}
name: ${JSON.stringify(sid)}
description: What it does, for people.

component:
  file: ${JSON.stringify(component)}
  sha256: "${digest}"
  sources: # where runners fetch it: https:, or file: for runners on this machine
    - ${JSON.stringify(`file:${component}`)}

profile: wt48-1
policy:
  replicate: { k1: 3, k2: 5 } # validators of round 1, seats of round 2
seat_bond: "20000000" # what a runner puts up for one seat

tasks:
  - name: run
    description: What this task does, for people.
    t_run: 20 # longest run
    t_challenge: 600 # how long a result may be challenged
    max_input: 100000
    max_output: 100000
    max_fuel: "4000000000" # at most t_run · 2·10^8
    price: { per_call: "50000", per_kb: "200", per_mfuel: "100" }
    validator_bps: 8000 # a validator's fee as a share of the executor's
    developer_bps: 1000 # yours, as a share of all seats' fees
    inputs:
      text: { type: String, description: What it takes. }
    outputs:
      text: { type: String, description: What it gives. }
`;
}
