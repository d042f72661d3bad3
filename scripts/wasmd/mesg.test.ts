/** The life of a service and of a runner with `mesg`, on the real node that MESG_NODE and MESG_BEACON name. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { main } from "../src/cli/program.js";
import { CONTRACTS, type Deployment } from "../src/client/index.js";

const directory = mkdtempSync(join(tmpdir(), "mesg-wasmd-"));
const deployment = join(directory, "deployment.json");
const root = new URL("../../", import.meta.url).pathname;
const service = join(root, "services/csv-report/service.yaml");
const sample = join(root, "services/csv-report/data/penguins-sample.csv");
const ALICE = "wasm1fqzkz53axpdec29v2yp27l0p877urla3u8snqg";
afterAll(() => {
  rmSync(directory, { recursive: true });
});

type Result = Record<string, unknown>;

function env(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set`);
  return value;
}

async function run(args: readonly string[]): Promise<{ code: number; results: Result[]; stderr: string }> {
  let [stdout, stderr] = ["", ""];
  const code = await main(
    ["--network", "local", "--node", env("MESG_NODE"), "--deployment", deployment, "--json", ...args],
    {
      stdout: (text) => (stdout += text),
      stderr: (text) => (stderr += text),
    },
  );
  const results = stdout.split("\n").filter((line) => line !== "");
  return { code, results: results.map((line) => JSON.parse(line) as Result), stderr };
}

/** Runs a command that must succeed and gives its last result. */
async function mesg(...args: string[]): Promise<Result> {
  const { code, results, stderr } = await run(args);
  expect(stderr).toBe("");
  expect(code).toBe(0);
  return results.at(-1) ?? {};
}

/** Runs a command that must be refused and gives the sentence. */
async function refused(...args: string[]): Promise<unknown> {
  const { code, results } = await run(args);
  expect(code).toBe(1);
  return results.at(-1)?.error;
}

const deploy = (...more: string[]): Promise<Result> =>
  mesg("deploy", "--key", "deployer", "--beacon", env("MESG_BEACON"), ...more);
const readDeployment = (): Deployment => JSON.parse(readFileSync(deployment, "utf8")) as Deployment;

describe("mesg on a real node", () => {
  it("says what a deployment would do, and does nothing", async () => {
    const { steps, gas_used } = await deploy("--dry-run");
    expect(gas_used).toBe(0);
    expect((steps as Result[]).map(({ contract }) => contract)).toEqual(CONTRACTS);
    expect(await refused("service", "show", "csv-report")).toContain("registry is not deployed on local");
  });

  it("deploys, and does not do it twice", async () => {
    await deploy();
    const first = readDeployment();
    expect(Object.keys(first.contracts)).toEqual(CONTRACTS);
    for (const contract of Object.values(first.contracts)) {
      expect(contract).toMatchObject({ version: "0.2.0", admin: expect.stringMatching(/^wasm1/) as string });
      expect(contract.instantiate_height).toBeGreaterThan(0);
    }
    const { steps, gas_used } = await deploy();
    expect((steps as Result[]).map(({ instance }) => instance)).toEqual(CONTRACTS.map(() => "alive"));
    expect([gas_used, readDeployment()]).toEqual([0, first]);
  });

  it("publishes a service, and nothing when all is there", async () => {
    const publish = ["service", "publish", service, "--key", "dev1", "--t-challenge", "5"];
    const dry = await mesg(...publish, "--dry-run");
    expect([dry.service, dry.version]).toEqual([null, null]);
    const first = await mesg(...publish);
    expect(first).toMatchObject({ service: 1, version: 1, terms: [1, 2], digest: dry.digest });
    expect(await mesg(...publish)).toMatchObject({ version: 1, done: [], txs: [] });
    const longer = await mesg("service", "publish", service, "--key", "dev1", "--t-challenge", "6");
    expect(longer).toMatchObject({ service: 1, version: 2, done: ["version published"] });
    expect(await refused("service", "publish", service, "--key", "alice")).toMatch(
      /^service "csv-report" is owned by wasm1/,
    );
    const shown = await mesg("service", "show", "csv-report", "--version-id", "1");
    expect(shown).toMatchObject({ latest: 2, status: "active", version: { version: 1, digest: first.digest } });
  });

  it("predicts what would be published", async () => {
    const first = await mesg("service", "show", "csv-report", "--version-id", "1");
    const predicted = await mesg("service", "predict", service);
    expect(predicted).toMatchObject({ sid: "csv-report", service: 1, refusals: [], version: 3, terms: [5, 6] });
    expect(predicted.digest).not.toBe((first.version as Result).digest);
  });

  it("announces a price, and takes it back", async () => {
    const by = ["--key", "dev1"];
    const change = ["service", "price", "csv-report", "report"];
    const announced = await mesg(...change, "--per-call", "49999", ...by);
    expect(announced).toMatchObject({
      version: 2,
      terms: [3, 4],
      announced: [{ task: 0, terms: 5, price: { per_call: "49999" } }],
      bonded: "0",
    });
    expect(await refused(...change, "--per-call", "49998", ...by)).toBe(
      "terms 5 are announced already, withdraw them first",
    );
    expect(await refused(...change, "--per-call", "49998", "--key", "alice")).toMatch(/may not send this message/);
    const withdrawn = await mesg("service", "withdraw-price", "csv-report", "report", ...by);
    expect(withdrawn).toMatchObject({ terms: [3, 4], announced: [] });
    expect(await refused(...change, "--per-call", "1000000000", ...by)).toMatch(/publish a new version$/);
  });

  it("warns of a version, yanks it, offers it again", async () => {
    const by = ["--key", "dev1"];
    const warned = await mesg("service", "deprecate", "csv-report", "1", "use version 2", ...by);
    expect(warned).toMatchObject({ deprecated: "use version 2", yanked: false });
    expect(await mesg("service", "deprecate", "csv-report", "1", "--clear", ...by)).toMatchObject({ deprecated: null });
    expect(await mesg("service", "yank", "csv-report", "2", ...by)).toMatchObject({ yanked: true, latest: 1 });
    expect(await refused("service", "yank", "csv-report", "2", ...by)).toBe("version 2 is yanked already");
    expect(await mesg("service", "unyank", "csv-report", "2", ...by)).toMatchObject({ yanked: false, latest: 2 });
  });

  it("finds services by tag", async () => {
    const by = ["--key", "dev1"];
    expect(await mesg("service", "tags", "csv-report", "csv", "statistics", ...by)).toMatchObject({
      tags: ["csv", "statistics"],
    });
    expect(await mesg("service", "list", "--tag", "csv")).toMatchObject({ services: [{ sid: "csv-report" }] });
    expect(await mesg("service", "list", "--tag", "none")).toEqual({ services: [] });
    expect(await refused("service", "tags", "csv-report", "CSV", ...by)).toMatch(/^tag is "CSV", must be 1 to 32 of/);
  });

  it("hands a service over and back", async () => {
    const offered = await mesg("service", "propose-owner", "csv-report", "alice", "--key", "dev1");
    expect(offered).toMatchObject({ proposed_owner: { owner: ALICE }, unclaimed: "0" });
    expect(await refused("service", "accept-owner", "csv-report", "--key", "bob")).toMatch(/is offered may$/);
    expect(await mesg("service", "accept-owner", "csv-report", "--key", "alice")).toMatchObject({
      owner: ALICE,
      proposed_owner: null,
    });
    await mesg("service", "propose-owner", "csv-report", "dev1", "--key", "alice");
    await mesg("service", "withdraw-owner", "csv-report", "--key", "alice");
    await mesg("service", "propose-owner", "csv-report", "dev1", "--key", "alice");
    await mesg("service", "accept-owner", "csv-report", "--key", "dev1");
  });

  it("registers a runner, and lets it go", async () => {
    const register = ["runner", "register", "csv-report", "--key", "owner1", "--operator", "operator1"];
    const runner = await mesg(...register, "--endpoint", "http://127.0.0.1:7101", "--bond", "300", "--opt-in");
    expect(runner).toMatchObject({ runner: 1, active: "300000000", versions: [{ version: 2, seats_next: 6 }] });
    const yanked = "version 2 is yanked: it takes no requests and no new runners";
    await mesg("service", "yank", "csv-report", "2", "--key", "dev1");
    expect(await mesg("runner", "status", "1")).toMatchObject({ warnings: [yanked] });
    await mesg("service", "unyank", "csv-report", "2", "--key", "dev1");
    expect(await mesg("runner", "bond", "1", "100.5", "--key", "owner1")).toMatchObject({ active: "400500000" });
    expect(await mesg("runner", "rotate-key", "1", "--key", "owner1")).toMatchObject({ key_no: 1, tombstoned: false });
    expect(await refused("runner", "rotate-key", "1", "--key", "operator1")).toMatch(/sender must be/i);
    expect(await refused("runner", "unjail", "1", "--key", "operator1")).toMatch(/^runner is not jailed/);
    const left = await mesg("runner", "unbond", "1", "0.5", "--key", "owner1");
    expect(left).toMatchObject({ active: "400000000", unbonding: [{ value: "500000" }] });
    expect(await refused("runner", "withdraw", "1", "--key", "owner1")).toMatch(/^no unbonding entry is released/);
    const { versions } = await mesg("runner", "opt-out", "1", "2", "--key", "operator1");
    // Gone at once if it has not served yet, else from the next epoch on.
    expect((versions as Result[]).every(({ seats_next }) => seats_next === 0)).toBe(true);
    expect(await refused("runner", "bond", "1", "1", "--key", "owner2")).toMatch(/sender must be/i);
    const status = await mesg("runner", "status", "--key", "owner1");
    expect(status).toMatchObject({ runner: 1, account: { points: 0, tombstoned: false } });
  });

  it("fills a purse and empties it", async () => {
    const before = await mesg("balance", ALICE);
    expect(await mesg("deposit", "12.5", "--key", "alice")).toMatchObject({ purse: "12500000" });
    expect(await mesg("withdraw", "2.5", "--key", "alice", "--to", "bob")).toMatchObject({ amount: "2500000" });
    expect(await mesg("withdraw", "--key", "alice")).toMatchObject({ amount: "10000000", to: ALICE });
    const after = await mesg("balance", "alice");
    expect([after.purse, BigInt(before.token as string) - BigInt(after.token as string)]).toEqual(["0", 2_500_000n]);
    expect(await mesg("transfer", "alice", "2.5", "--key", "bob")).toMatchObject({ recipient: ALICE });
    expect(await refused("transfer", "alice", "2000000", "--key", "bob")).toBe(
      "the account has fewer tokens than this takes: see mesg balance",
    );
  });

  it("closes an epoch of the block producers, in which there were no fees", async () => {
    expect(await mesg("epoch", "close", "--key", "alice")).toMatchObject({ received: "0", members: 0, share: "0" });
    expect(await mesg("producer", "status", "--key", "validator")).toMatchObject({ due: "0", fees: "0", pots: "0" });
    expect(await refused("producer", "claim", "--key", "validator")).toMatch(/^nothing is due to wasm1/);
    expect(await refused("producer", "claim", "--key", "validator", "--epoch", "1")).toMatch(
      /^pot of epoch 1 could be/,
    );
  });

  it("refuses a request before any money moves", async () => {
    const request = ["run", "csv-report/report", "--key", "alice", "--text", `csv=${sample}`];
    expect(await mesg(...request, "--quote")).toMatchObject({ quote: { validators: 3 } });
    expect(await refused(...request)).toMatch(/^the market would refuse this request: pool has \d+ runners, needs 11$/);
    expect(await refused(...request, "--quote", "--validators", "4")).toMatch(/^validators is 4, must be 3 to 3/);
    expect(await refused("run", "csv-report/none", "--text", `csv=${sample}`)).toBe(
      'there is no task "none", there are: report group',
    );
    expect(await refused("run", "csv-report/report", "--text", `tsv=${sample}`)).toBe("input.tsv is not declared");
    expect(await refused("run", "none/report", "--text", `csv=${sample}`)).toBe(
      'there is no service "none" on mesg-local-1',
    );
    expect(await refused("execution", "show", "7")).toBe("execution 7 does not exist");
    expect(await refused("challenge", "7", "--yes", "--key", "alice")).toBe("execution 7 does not exist");
  });

  it("pauses a service, gives notice for its bond, retires it", async () => {
    const by = ["--key", "dev1"];
    expect(await mesg("service", "status", "csv-report", "paused", ...by)).toMatchObject({ status: "paused" });
    expect(await mesg("service", "status", "csv-report", "active", ...by)).toMatchObject({ status: "active" });
    expect(await refused("service", "status", "csv-report", "paused", "--key", "alice")).toMatch(/not/i);
    expect(await refused("service", "resume", "csv-report", ...by)).toBe("nothing to do");
    const noticed = await mesg("service", "unbond", "csv-report", ...by);
    expect(noticed.release).toMatchObject({ time: expect.stringMatching(/^\d+$/) as string });
    expect(await refused("service", "unbond", "csv-report", ...by)).toBe("nothing to do");
    expect(await refused("service", "withdraw-bond", "csv-report", ...by)).toBe("service bond is not released yet");
    expect((await run(["service", "status", "csv-report", "retired", ...by])).code).toBe(2);
    const retired = await mesg("service", "status", "csv-report", "retired", "--for-ever", ...by);
    expect(retired).toMatchObject({ status: "retired" });
  });
});
