import { describe, expect, it } from "vitest";
import { CoolDown, readCredit } from "../src/faucet/credit.js";
import { account } from "./accounts.js";

const alice = account("alice").address;
const read = (body: unknown): unknown =>
  readCredit(typeof body === "string" ? body : JSON.stringify(body), "wasm", ["ucosm"]);

describe("a credit request", () => {
  it("names an address and a denom", () => {
    expect(read({ address: alice, denom: "ucosm" })).toEqual({ address: alice, denom: "ucosm" });
  });

  it("is refused with a sentence that says why", () => {
    expect(() => read("no json")).toThrow("JSON object");
    expect(() => read([])).toThrow("JSON object");
    expect(() => read("null")).toThrow("JSON object");
    expect(() => read({ denom: "ucosm" })).toThrow("'address' must be a non-empty string");
    expect(() => read({ address: alice })).toThrow("'denom' must be a non-empty string");
    expect(() => read({ address: alice, denom: "ustake" })).toThrow("Available tokens are: ucosm");
  });

  it("is refused for an address of another chain, a mistyped or an upper-case one", () => {
    const cosmos = "cosmos1fl48vsnmsdzcv85q5d2q4z5ajdha8yu34mf0eh";
    for (const address of [cosmos, alice.slice(0, -1) + "q", alice.toUpperCase(), "wasm1"]) {
      expect(() => read({ address, denom: "ucosm" })).toThrow("is not an address with prefix 'wasm'");
    }
  });
});

describe("the cool-down", () => {
  it("is per address and ends", () => {
    const coolDown = new CoolDown(5000);
    expect(coolDown.remaining("a", 0)).toBe(0);
    coolDown.start("a", 0);
    expect(coolDown.remaining("a", 1000)).toBe(4000);
    expect(coolDown.remaining("b", 1000)).toBe(0);
    expect(coolDown.remaining("a", 5000)).toBe(0);
  });

  it("does not count a credit that failed", () => {
    const coolDown = new CoolDown(5000);
    coolDown.start("a", 0);
    coolDown.cancel("a");
    expect(coolDown.remaining("a", 1)).toBe(0);
  });

  it("forgets what is over and keeps what is not", () => {
    const coolDown = new CoolDown(5000);
    coolDown.start("a", 0);
    coolDown.start("b", 3000);
    coolDown.start("c", 6000);
    expect(coolDown.remaining("a", 6000)).toBe(0);
    expect(coolDown.remaining("b", 6000)).toBe(2000);
  });
});
