import { describe, expect, it } from "vitest";
import { canonicalize, MAX_DEPTH, parse, stringify } from "../src/client/index.js";

// The same texts as in packages/protocol/src/canonical_json.rs, so that both sides agree on them.
describe("canonical JSON", () => {
  it("sorts keys by UTF-16 code units and escapes what must be escaped", () => {
    const text = String.raw`{"\u20ac":"Euro Sign","\r":"Carriage Return","\ufb33":"Dalet","1":"One","\ud83d\ude00":"Grinning","\u0080":"Control","\u00f6":"o"}`;
    const keys = ["\r", "1", "\u0080", "ö", "€", "😀", "\ufb33"];
    const members = [...canonicalize(text).matchAll(/"((?:[^"\\]|\\.)*)":/g)];
    expect(members.map(([, key]) => JSON.parse(`"${key ?? ""}"`) as string)).toEqual(keys);
    const strings = String.raw`{"string":"\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/","literals":[null,true,false]}`;
    expect(canonicalize(strings)).toBe(String.raw`{"literals":[null,true,false],"string":"€$\u000f\nA'B\"\\\\\"/"}`);
  });

  it("gives every control character one spelling", () => {
    const short: Record<number, string> = { 8: "\\b", 9: "\\t", 10: "\\n", 12: "\\f", 13: "\\r" };
    for (let code = 0; code < 0x20; code += 1) {
      const hex = code.toString(16).padStart(4, "0");
      expect(canonicalize(`"\\u${hex.toUpperCase()}"`)).toBe(`"${short[code] ?? `\\u${hex}`}"`);
    }
    expect(canonicalize('"\u007f\u2028"')).toBe('"\u007f\u2028"');
  });

  it.each([
    ["-0", "0"],
    ["0", "0"],
    [" 7\n", "7"],
    ["-9007199254740991", "-9007199254740991"],
  ])("takes the integer %j", (text, canonical) => {
    expect(canonicalize(text)).toBe(canonical);
  });

  it.each([
    ["9007199254740992", "the integer at byte 0 is outside ±(2^53 - 1)"],
    ["[99999999999999999999999]", "the integer at byte 1 is outside ±(2^53 - 1)"],
    ["1.0", "the number at byte 0 is not written as an integer"],
    ["2E1", "the number at byte 0 is not written as an integer"],
    ["01", "unexpected character at byte 1"],
    ["-01", "unexpected character at byte 2"],
    ["-", "the JSON text ends too early, at byte 1"],
    ["+1", "unexpected character at byte 0"],
    ["", "the JSON text ends too early, at byte 0"],
    ["[1,", "the JSON text ends too early, at byte 3"],
    ['"a', "the JSON text ends too early, at byte 2"],
    ['"\\', "the JSON text ends too early, at byte 2"],
    ['"\\u12', "the JSON text ends too early, at byte 5"],
    ['{"a"', "the JSON text ends too early, at byte 4"],
    ["nul", "the JSON text ends too early, at byte 3"],
    ["[1,]", "unexpected character at byte 3"],
    ['{"a":1,}', "unexpected character at byte 7"],
    ["{a:1}", "unexpected character at byte 1"],
    ["[1 2]", "unexpected character at byte 3"],
    ["{} x", "unexpected character at byte 3"],
    ["nulL", "unexpected character at byte 3"],
    ["\ufeff1", "unexpected character at byte 0"],
    ["NaN", "unexpected character at byte 0"],
    ['"\\x"', "invalid escape at byte 1"],
    ['"\\u12g4"', "invalid escape at byte 1"],
    ['"\\ud800\\n"', "invalid escape at byte 1"],
    ['"\\ud800"', "lone surrogate at byte 1"],
    ['"\\ud800\\u0041"', "lone surrogate at byte 1"],
    ['"\\udc00\\ud800"', "lone surrogate at byte 1"],
    ['"a\nb"', "unescaped control character at byte 2"],
    ['{"a":1,"b":2,"\\u0061":3}', "the key at byte 13 is a duplicate"],
    ['["é",x]', "unexpected character at byte 6"],
  ])("refuses %j", (text, message) => {
    expect(() => parse(text)).toThrow(message);
  });

  it("bounds the depth", () => {
    const nested = (depth: number): string => "[".repeat(depth) + "]".repeat(depth);
    expect(canonicalize(nested(MAX_DEPTH))).toBe(nested(MAX_DEPTH));
    expect(() => parse(nested(MAX_DEPTH + 1))).toThrow("nested deeper than 32 at byte 32");
  });

  it("keeps members that objects treat specially", () => {
    expect(canonicalize('{"__proto__":1,"10":2,"9":3}')).toBe('{"10":2,"9":3,"__proto__":1}');
  });

  it("refuses values that have no canonical form", () => {
    expect(() => stringify(1.5)).toThrow("1.5 is not an integer within ±(2^53 - 1)");
    expect(() => stringify("\ud800")).toThrow("lone surrogate");
  });
});
