import { describe, expect, it } from "vitest";
import { checkValue, type Json, type Params } from "../src/client/index.js";

const params: Params = {
  name: { type: "String" },
  size: { type: "Number", optional: true },
  flags: { type: "Boolean", optional: true, repeated: true },
  at: { type: "Object", optional: true, object: { x: { type: "Number" } } },
  rest: { type: "Any", optional: true },
};

describe("values against declared types", () => {
  it.each<Json>([
    { name: "a" },
    { name: "", size: -3, flags: [], at: { x: "0.10" }, rest: null },
    { name: "a", size: "-0.5", flags: [true, false], rest: [{}] },
  ])("takes %j", (value) => {
    expect(() => {
      checkValue(params, value);
    }).not.toThrow();
  });

  it.each<[Json, string]>([
    [[], "$: expected Object, got an array"],
    [{}, "$.name is missing"],
    [{ name: null }, "$.name: expected String, got null"],
    [{ name: "a", more: 1 }, "$.more is not declared"],
    [{ name: "a", toString: 1 }, "$.toString is not declared"],
    [{ name: "a", size: true }, "$.size: expected Number, got a boolean"],
    [{ name: "a", size: "01" }, "$.size is not a decimal number of at most 78 digits"],
    [{ name: "a", size: "1".repeat(79) }, "$.size is not a decimal number of at most 78 digits"],
    [{ name: "a", flags: true }, "$.flags: expected an array, got a boolean"],
    [{ name: "a", flags: [true, 1] }, "$.flags[1]: expected Boolean, got an integer"],
    [{ name: "a", at: "x" }, "$.at: expected Object, got a string"],
    [{ name: "a", at: { x: {} } }, "$.at.x: expected Number, got an object"],
  ])("refuses %j", (value, message) => {
    expect(() => {
      checkValue(params, value);
    }).toThrow(message);
  });
});
