import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { main } from "../src/cli/program.js";
import { writeTemplate } from "../src/cli/service/template.js";
import { componentOf } from "./component.js";

const directory = mkdtempSync(join(tmpdir(), "mesg-cli-"));
/** A port that nothing listens on. */
const CLOSED = "65531";
const yaml = join(directory, "service.yaml");
afterAll(() => {
  rmSync(directory, { recursive: true });
});
beforeAll(() => {
  writeFileSync(join(directory, "component.wasm"), componentOf("run"));
  writeTemplate("golden", join(directory, "component.wasm"), yaml);
  writeFileSync(
    yaml,
    readFileSync(yaml, "utf8").replace('"file:component.wasm"', "https://example.org/component.wasm"),
  );
});

async function mesg(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  let [stdout, stderr] = ["", ""];
  const code = await main(["--deployment", join(directory, "none.json"), ...args], {
    stdout: (text) => (stdout += text),
    stderr: (text) => (stderr += text),
  });
  return { code, stdout, stderr };
}

describe("mesg", () => {
  it("says what a service will be, in one JSON object", async () => {
    const { code, stdout } = await mesg("service", "validate", yaml, "--json");
    expect(code).toBe(0);
    await expect(stdout).toMatchFileSnapshot("golden/service-validate.jsonl");
  });

  it("says it to people too", async () => {
    const { stdout } = await mesg("service", "validate", yaml);
    await expect(stdout).toMatchFileSnapshot("golden/service-validate.txt");
  });

  it("shows a key without its secret", async () => {
    const { stdout } = await mesg("key", "show", "--key", "operator1", "--json");
    await expect(stdout).toMatchFileSnapshot("golden/key-show.jsonl");
  });

  it("shows the key that comes next too", async () => {
    const { stdout } = await mesg("key", "show", "--key", "operator1", "--key-no", "1", "--json");
    await expect(stdout).toMatchFileSnapshot("golden/key-show-next.jsonl");
  });

  it.each<[number, string, string[]]>([
    [1, "cannot be read: there is no such file", ["service", "validate", "none.yaml"]],
    [
      1,
      `cannot be reached: nothing listens on 127.0.0.1:${CLOSED}`,
      ["balance", "alice", "--node", `http://127.0.0.1:${CLOSED}`],
    ],
    [2, "a key is needed: --key NAME", ["runner", "withdraw", "1"]],
    [2, "a key is needed: --key NAME", ["runner", "unjail", "1"]],
    [2, "It must be an integer from 0 to 255.", ["key", "show", "--key-no", "256"]],
    [2, "missing required argument 'runner'", ["runner", "rotate-key"]],
    [2, "unknown option '--colour'", ["balance", "--colour"]],
    [2, "unknown command 'runn'", ["runn"]],
    [2, "missing required argument 'runner'", ["runner", "bond"]],
    [2, "missing required argument 'execution'", ["challenge"]],
    [2, "It must be a positive integer.", ["challenge", "0", "--yes"]],
    [2, "It must be an integer from 1 to 7.", ["run", "csv/report", "--validators", "8"]],
    [2, "It must be an integer from 1 to 4294967295.", ["run", "csv/report", "--own-runner", "x"]],
    [2, "missing required argument 'sid'", ["service", "resume"]],
    [2, "It must be an integer from 1 to 4294967295.", ["runner", "bond", "0", "1"]],
    [2, "required option '--operator <address>' not specified", ["runner", "register", "csv"]],
    [2, "--opt-in needs --bond", ["runner", "register", "csv", "--operator", "operator1", "--opt-in"]],
    [2, "--network is 'nowhere'", ["balance", "--network", "nowhere"]],
    [2, "the task must be service/task, got 'csv'", ["run", "csv"]],
    [2, "either a message or --clear", ["service", "deprecate", "csv", "1"]],
    [2, "either a message or --clear", ["service", "deprecate", "csv", "1", "old", "--clear"]],
    [2, "It must be an integer from 1 to 4294967295.", ["service", "yank", "csv", "0"]],
    [2, "It must be a number of base units.", ["service", "price", "csv", "report", "--per-call", "1.5"]],
    [2, "missing required argument 'address'", ["service", "propose-owner", "csv"]],
    [2, "It must be an integer from 1 to 50.", ["service", "list", "--limit", "51"]],
    [1, "none.yaml cannot be read: there is no such file", ["service", "predict", "none.yaml"]],
    [2, "--node must be an http:// or https:// address, got 'tcp://x'", ["balance", "--node", "tcp://x"]],
  ])("exits with %i: %s", async (code, message, args) => {
    const found = await mesg(...args);
    expect(found.stderr).toContain(message);
    expect(found.code).toBe(code);
    expect(found.stderr.trim().split("\n")).toHaveLength(1);
    expect(found.stdout).toBe("");
  });

  it("reports errors in JSON as well", async () => {
    const { code, stdout } = await mesg("service", "validate", "none.yaml", "--json");
    expect([code, JSON.parse(stdout)]).toEqual([1, { error: "none.yaml cannot be read: there is no such file" }]);
  });

  it("proposes parameters or a beacon, one of them", async () => {
    for (const args of [[], ["networks/local/params.json", "--beacon", "http://127.0.0.1:65531"]]) {
      const { code, stderr } = await mesg("params", "propose", ...args);
      expect([code, stderr]).toEqual([2, expect.stringContaining("name a file with parameters, or a beacon")]);
    }
  });

  it("does not touch a main network unasked", async () => {
    const chain = JSON.parse(
      readFileSync(new URL("../../networks/local/chain.json", import.meta.url), "utf8"),
    ) as object;
    writeFileSync(join(directory, "chain.json"), JSON.stringify({ ...chain, network_type: "mainnet" }));
    writeFileSync(join(directory, "assetlist.json"), "{}");
    const { code, stderr } = await mesg(
      "deploy",
      "--network",
      directory,
      "--params",
      "networks/local/params.json",
      "--beacon",
      "http://127.0.0.1:65531",
    );
    expect([code, stderr]).toEqual([
      1,
      expect.stringContaining("the beacon at http://127.0.0.1:65531 does not tell its /info"),
    ]);
    const claim = await mesg("claim", "--runner", "1", "--network", directory);
    expect([claim.code, claim.stderr]).toEqual([2, expect.stringContaining("add --yes-mainnet")]);
  });
});
