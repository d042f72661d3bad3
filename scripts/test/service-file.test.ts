import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { loadService, type Service } from "../src/cli/service/file.js";
import { writeTemplate } from "../src/cli/service/template.js";
import { componentOf } from "./component.js";

const directory = mkdtempSync(join(tmpdir(), "mesg-service-"));
const component = componentOf("run", "verify");
const sha256 = createHash("sha256").update(component).digest("hex");
writeFileSync(join(directory, "component.wasm"), component);
afterAll(() => {
  rmSync(directory, { recursive: true });
});

/** The manifest that packages/api/src/registry/manifest.rs freezes, but for its component. */
const SOUND = `
sid: csv-report
component: { file: component.wasm, sha256: ${sha256}, sources: ["ipfs://bafy"] }
profile: wt48-1
policy: { replicate: { k1: 3, k2: 5 } }
seat_bond: "41000"
tasks:
  - name: report
    description: Statistics of a table
    inputs: { csv: { type: String, optional: false } }
    outputs: { rows: { type: Number } }
    t_run: 10
    max_input: 4000
    max_output: 1000
    max_fuel: 1000000000
    price: { per_call: "1000", per_kb: "10", per_mfuel: 1 }
    validator_bps: 8000
    developer_bps: 1000
`;

type Tree = Record<string, unknown> & { tasks: Record<string, unknown>[]; component: Record<string, unknown> };

function load(change: (tree: Tree) => void = () => undefined): Service {
  const tree = parse(SOUND) as Tree;
  change(tree);
  return loadText(stringify(tree));
}

function loadText(text: string): Service {
  const file = join(directory, "service.yaml");
  writeFileSync(file, text);
  return loadService(file);
}

function task(fields: Record<string, unknown>): (tree: Tree) => void {
  return ({ tasks }) => {
    Object.assign(tasks[0] ?? {}, fields);
  };
}

describe("service.yaml", () => {
  it("becomes the manifest that the registry knows, byte for byte", () => {
    const { json, digest, serviceBond } = load();
    expect(json).toBe(
      `{"component":{"sha256":"${sha256}","size":${component.length.toString()},` +
        '"sources":["ipfs://bafy"]},"events":[],"policy":{"replicate":{"k1":3,"k2":5}},"profile":"wt48-1",' +
        '"seat_bond":"41000","tasks":[{"description":"Statistics of a table","developer_bps":1000,' +
        '"inputs":{"csv":{"type":"String"}},"max_fuel":"1000000000","max_input":4000,"max_output":1000,' +
        '"name":"report","outputs":{"rows":{"type":"Number"}},"price":{"per_call":"1000","per_kb":"10",' +
        '"per_mfuel":"1"},"t_challenge":600,"t_run":10,"validator_bps":8000}]}',
    );
    expect(digest).toBe(createHash("sha256").update(json).digest("hex"));
    expect(serviceBond).toBe(25n * 1640n);
  });

  it("resolves file: beside itself and takes overrides", () => {
    const { manifest } = load((tree) => (tree.component.sources = ["file:component.wasm"]));
    expect(manifest.component.sources).toEqual([`file://${directory}/component.wasm`]);
    load();
    const sources = ["https://example.org/c.wasm"];
    const changed = loadService(join(directory, "service.yaml"), { tChallenge: 5, sources }).manifest;
    expect([changed.component.sources, changed.tasks[0]?.t_challenge]).toEqual([sources, 5]);
  });

  it.each<[string, (tree: Tree) => void]>([
    ['sid is "CSV", must have only a-z, 0-9 and -, and start and end with a letter or digit', (t) => (t.sid = "CSV")],
    ['profile is "wt48-2", must be wt48-1', (t) => (t.profile = "wt48-2")],
    ["tasks[0].t_run is 30000, must be at most 21600", task({ t_run: 30_000 })],
    ['tasks[0].t_run is "10", must be a number', task({ t_run: "10" })],
    ["tasks[0].t_run is missing", task({ t_run: undefined })],
    ["tasks[0].max_input is 1, must be at least 2", task({ max_input: 1 })],
    ["tasks[0].max_fuel is 2000000001, must be at most t_run · 2·10^8 = 2000000000", task({ max_fuel: "2000000001" })],
    ["tasks[0].validator_bps is 10001, must be at most 10000", task({ validator_bps: 10_001 })],
    ["tasks[0].gas is not a known field", task({ gas: 1 })],
    ['tasks[0].inputs.x.type is "Int", must be String or Number', task({ inputs: { x: { type: "Int" } } })],
    ["tasks[0].inputs.x declares members but is no Object", task({ inputs: { x: { type: "Any", object: {} } } })],
    ["tasks[0].inputs must nest at most 4 levels of objects", task({ inputs: nested(5) })],
    ["tasks[0].examples[0].input.csv is missing", task({ examples: [{ input: {} }] })],
    ["policy.replicate.k2 is 4, must be at least k1 + 2 = 5", (t) => (t.policy = { replicate: { k1: 3, k2: 4 } })],
    ["policy.replicate.k3 is 9, must be 10 to 20", (t) => (t.policy = { replicate: { k1: 3, k2: 5, k3: 9 } })],
    ["policy must be one of replicate and verify", (t) => (t.policy = {})],
    ["policy.replicate.k1 is 8, must be at most 7", (t) => (t.policy = { replicate: { k1: 8, k2: 10 } })],
    ["policy.verify.k2 is 4, must be at least k1 + 2 = 5", (t) => (t.policy = { verify: { k1: 3, k2: 4 } })],
    ["tasks[0].price.per_mfuel is 1, must be 0", (t) => (t.policy = { verify: { k1: 3, k2: 5 } })],
    ["max_validators is 2, must be at least k1 = 3", (t) => (t.max_validators = 2)],
    ["seat_bond is 41000, must be at least 44280", (t) => (t.max_validators = 7)],
    ["seat_bond is 40999, must be at least 41000 for tasks[0] (report)", (t) => (t.seat_bond = "40999")],
    ["seat_bond is 1.5, must be an integer from 0 to", (t) => (t.seat_bond = 1.5)],
    ["tasks is 0 entries, must be at least 1", (t) => (t.tasks = [])],
    ['tasks[1].name repeats "report"', (t) => t.tasks.push({ ...t.tasks[0] })],
    ['component.sources[0] is "ftp://x", must be http://…', (t) => (t.component.sources = ["ftp://x"])],
    ["but ", (t) => (t.component.sha256 = "0".repeat(64))],
    ["colour is not a known field", (t) => (t.colour = "red")],
    ['tags[0] is "CSV", must have only a-z, 0-9 and -', (t) => (t.tags = ["CSV"])],
    ["tags must differ from each other", (t) => (t.tags = ["a", "a"])],
    ["tags is 9 entries, must be at most 8", (t) => (t.tags = "a b c d e f g h i".split(" "))],
  ])("refuses: %s", (message, change) => {
    expect(() => load(change)).toThrow(message);
  });

  it("knows tasks with a checker, and how many validators may be asked for", () => {
    const { manifest, serviceBond } = load((tree) => {
      tree.policy = { verify: { k1: 1, k2: 7, k3: 15 } };
      tree.max_validators = 3;
      tree.tasks[0] = { ...tree.tasks[0], price: { per_call: "1000", per_kb: "10", per_mfuel: "0" } };
    });
    expect([manifest.policy, manifest.max_validators]).toEqual([{ verify: { k1: 1, k2: 7, k3: 15 } }, 3]);
    expect(serviceBond).toBe(5n * 22n * 840n);
  });

  it("refuses a component that lacks what its policy calls", () => {
    const lacks = (functions: string[], policy: object): (() => Service) => {
      const bytes = componentOf(...functions);
      writeFileSync(join(directory, "other.wasm"), bytes);
      return () =>
        load((tree) => {
          tree.component = { ...tree.component, file: "other.wasm" };
          tree.component.sha256 = createHash("sha256").update(bytes).digest("hex");
          tree.policy = policy;
        });
    };
    const sizes = { k1: 3, k2: 5 };
    expect(lacks(["run"], { verify: sizes })).toThrow('exports no function "verify", which policy.verify needs');
    expect(lacks(["verify"], { replicate: sizes })).toThrow('exports no function "run", which policy.replicate needs');
    expect(lacks(["run"], { replicate: sizes })).not.toThrow();
  });

  it("refuses what is no YAML, or repeats a key", () => {
    expect(() => loadText("a: [")).toThrow("is not YAML");
    expect(() => loadText("sid: a\nsid: b")).toThrow("is not YAML: Map keys must be unique");
    expect(() => loadService(join(directory, "none.yaml"))).toThrow("there is no such file");
  });

  it("of the template passes", () => {
    const out = join(directory, "new.yaml");
    writeTemplate("new-service", join(directory, "component.wasm"), out);
    expect(loadService(out).file.sid).toBe("new-service");
  });
});

function nested(levels: number): Record<string, unknown> {
  return levels === 1 ? { x: { type: "Any" } } : { x: { type: "Object", object: nested(levels - 1) } };
}
