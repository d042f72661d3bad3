/** `mesg deploy` */
import type { Command } from "commander";
import { join } from "node:path";
import { Deployer } from "../deploy/deployer.js";
import { beaconOf, loadParams } from "../deploy/params.js";
import { deploymentFile, networkDirectory, ROOT } from "../networks.js";
import { table } from "../output.js";
import type { Runner } from "../program.js";

interface Options {
  params?: string;
  artifacts: string;
  beacon?: string;
  dryRun?: boolean;
  fresh?: boolean;
}

export function addDeploy(program: Command, run: Runner): void {
  program
    .command("deploy")
    .description("deploys the contracts and writes deployment.json; what is there already stays")
    .option("--params <file>", "what they are instantiated with (default: the network's params.json)")
    .option("--artifacts <dir>", "where their wasm is", join(ROOT, "artifacts"))
    .option("--beacon <url>", "HTTP address of the beacon, instead of that of the parameters")
    .option("--fresh", "deploys all of them anew, whatever is there")
    .option("--dry-run", "says what would be done")
    .action(
      run<[Options]>(async (session, options) => {
        const choice = session.options;
        const params = loadParams(options.params ?? join(networkDirectory(choice.network), "params.json"));
        const beacon = await beaconOf(params, options.beacon);
        const { artifacts, dryRun = false, fresh = false } = options;
        const plan = { params, beacon, artifacts, file: deploymentFile(choice), dryRun, fresh };
        const { steps, contracts } = await new Deployer(await session.sender(), plan, session.output).run();
        const gas = steps.reduce((sum, step) => sum + step.gas_used, 0);
        const rows = steps.map(({ contract, code, instance, outdated }) => {
          const where = contracts[contract]?.address ?? "not yet";
          return [contract, `${where}  code ${code}, ${instance}${outdated ? ", outdated" : ""}`] as const;
        });
        const text = `${table(rows)}\n${gas.toString()} gas`;
        session.output.result(text, { dry_run: dryRun, steps, contracts, gas_used: gas });
      }),
    );
}
