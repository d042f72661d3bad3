import { describe, expect, it } from "vitest";
import { Failure, sentence } from "../src/client/index.js";

describe("errors in one sentence", () => {
  // As wasmd 0.61 and CometBFT 0.38 word them.
  it.each([
    [
      "Query failed with (6): rpc error: code = Unknown desc = failed to execute message; message index: 0: unbonding takes 3600 s, must take at least 432290 s: instantiate wasm contract failed [CosmWasm/wasmd@v0.61.14/x/wasm/keeper/keeper.go:331] with gas used: '171234': unknown request",
      "unbonding takes 3600 s, must take at least 432290 s",
    ],
    [
      "failed to execute message; message index: 1: dispatch: submessages: runner has 7 unbonding entries already: execute wasm contract failed",
      "runner has 7 unbonding entries already",
    ],
    [
      "Query failed with (22): rpc error: code = Unknown desc = execution 9 does not exist: query wasm contract failed: unknown request",
      "execution 9 does not exist",
    ],
    [
      '{"code":-32603,"message":"Internal error","data":"could not find results for height #1330"}',
      "could not find results for height #1330",
    ],
    [
      "Account 'wasm1abc' does not exist on chain. Send some tokens there before trying to query sequence.",
      "wasm1abc has never received anything, so it cannot pay for gas",
    ],
    [
      "Broadcasting transaction failed with code 5 (codespace: sdk). Log: spendable balance 12ucosm is smaller than 5287ucosm: insufficient funds",
      "the account has 12 ucosm for gas, 5287 are needed: get some from the network's faucet",
    ],
  ])("%s", (raw, words) => {
    expect(sentence(new Error(raw))).toBe(words);
  });

  it("gives the cause of a failed fetch", () => {
    const refused = new Error("connect ECONNREFUSED 127.0.0.1:1");
    expect(sentence(new TypeError("fetch failed", { cause: refused }))).toBe("nothing listens on 127.0.0.1:1");
  });

  it("leaves our own sentences alone", () => {
    expect(sentence(new Failure("input is 5 bytes, at most 4"))).toBe("input is 5 bytes, at most 4");
  });
});
