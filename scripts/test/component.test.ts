import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { exportedFunctions } from "../src/cli/service/component.js";
import { componentOf } from "./component.js";

const read = (service: string): Buffer =>
  readFileSync(new URL(`../../services/${service}/component.wasm`, import.meta.url));

describe("a component", () => {
  it("tells the functions that it exports", () => {
    expect(exportedFunctions(read("csv-report"), "")).toEqual(["run"]);
    expect(exportedFunctions(read("assignment"), "").sort()).toEqual(["run", "verify"]);
    expect(exportedFunctions(componentOf("run", "verify"), "")).toEqual(["run", "verify"]);
    expect(exportedFunctions(componentOf(), "")).toEqual([]);
  });

  it("is told from other files and from its own beginning", () => {
    const whole = componentOf("run");
    const module = Buffer.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);
    const endless = Buffer.concat([componentOf(), Buffer.from([11, 0xff, 0xff, 0xff, 0xff, 0xff, 1])]);
    const cut = Array.from(whole.keys()).filter((end) => end !== componentOf().length);
    for (const bytes of [Buffer.from("component"), module, endless, ...cut.map((end) => whole.subarray(0, end))]) {
      expect(() => exportedFunctions(bytes, "x.wasm")).toThrow("x.wasm is not a WebAssembly component");
    }
  });
});
