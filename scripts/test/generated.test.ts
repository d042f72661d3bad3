import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Idl } from "../generate/idl.js";
import { typescript } from "../generate/typescript.js";
import { CONTRACTS } from "../src/client/index.js";

const text = (path: string): string => readFileSync(new URL(path, import.meta.url), "utf8");

describe("generated types", () => {
  it("exist for every contract", () => {
    const names = readdirSync(new URL("../generated", import.meta.url)).map((file) => file.replace(".json", ""));
    expect(names.sort()).toEqual([...CONTRACTS].sort());
  });

  it.each(CONTRACTS)("of %s are those of its schema", (name) => {
    const idl = JSON.parse(text(`../generated/${name}.json`)) as Idl;
    expect(typescript(idl)).toBe(text(`../src/client/generated/${name}.ts`));
  });

  it("need two types of one name to be one type", () => {
    const answer = (type: string): object => ({ title: "Same", type });
    const idl = {
      instantiate: null,
      execute: null,
      query: null,
      migrate: null,
      responses: { a: answer("string"), b: answer("integer") },
    };
    expect(() => typescript(idl as unknown as Idl)).toThrow("two types are called Same");
  });
});
