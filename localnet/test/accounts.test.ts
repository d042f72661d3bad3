import { DirectSecp256k1HdWallet } from "@cosmjs/proto-signing";
import { describe, expect, it } from "vitest";
import { accounts, notice } from "./accounts.js";

describe("the published test accounts", () => {
  it("say that they are for tests only", () => {
    expect(notice).toContain("TEST ACCOUNTS ONLY");
  });

  it("have the address of their mnemonic", async () => {
    for (const { name, mnemonic, address } of accounts) {
      const wallet = await DirectSecp256k1HdWallet.fromMnemonic(mnemonic, { prefix: "wasm" });
      const [first] = await wallet.getAccounts();
      expect(first?.address, name).toBe(address);
    }
  });

  it("are all there, once, and can pay for transactions", () => {
    const names = accounts.map(({ name }) => name);
    const numbered = Array.from({ length: 12 }, (_, index) => (index + 1).toString());
    const expected = ["validator", "faucet", "deployer", "relay", "alice", "bob", "dev1"]
      .concat(numbered.map((n) => `operator${n}`))
      .concat(numbered.map((n) => `owner${n}`));
    expect(names).toEqual(expected);
    for (const { coins } of accounts) {
      expect(coins.map(({ denom }) => denom)).toContain("ucosm");
    }
  });
});
