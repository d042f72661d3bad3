import { describe, expect, it, afterEach, beforeEach } from "vitest";
import { decryptKey, encryptKey } from "../src/cli/key-file.js";
import { findWallet, requireWallet, resolveAddress, walletOf } from "../src/cli/keys.js";
import { loadNetwork } from "../src/cli/networks.js";

const { chain } = loadNetwork({ network: "local", deployment: "/nowhere" });
const mainnet = { ...chain, network_type: "mainnet" as const, chain_name: "main" };
// TEST ONLY: BIP-39's own example.
const MNEMONIC = "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about";
const ALICE = "wasm1fqzkz53axpdec29v2yp27l0p877urla3u8snqg";

describe("keys", () => {
  const before = process.env.MESG_MNEMONIC;
  beforeEach(() => {
    delete process.env.MESG_MNEMONIC;
  });
  afterEach(() => {
    if (before === undefined) delete process.env.MESG_MNEMONIC;
    else process.env.MESG_MNEMONIC = before;
  });

  it("come from test accounts on local networks only", async () => {
    expect((await findWallet({ key: "alice" }, chain))?.address).toBe(ALICE);
    expect(resolveAddress("alice", chain)).toBe(ALICE);
    await expect(findWallet({ key: "alice" }, mainnet)).rejects.toThrow("main (mainnet) must not use");
    await expect(findWallet({ key: "mallory" }, chain)).rejects.toThrow(
      "there is no test account 'mallory', there are: validator faucet",
    );
  });

  it("have addresses of one spelling", () => {
    expect(resolveAddress(ALICE, mainnet)).toBe(ALICE);
    for (const wrong of [ALICE.toUpperCase(), ALICE.replace("f", "F"), `${ALICE}q`, "cosmos1abc", "alice"]) {
      expect(() => resolveAddress(wrong, mainnet)).toThrow("is not a lower-case address that starts with wasm1");
    }
  });

  it("come from the environment", async () => {
    expect(await findWallet({}, chain)).toBeUndefined();
    await expect(requireWallet({}, chain)).rejects.toThrow("a key is needed");
    process.env.MESG_MNEMONIC = MNEMONIC;
    expect((await findWallet({}, chain))?.address).toBe((await walletOf(MNEMONIC, chain)).address);
  });

  it("exclude each other and are never quoted", async () => {
    await expect(findWallet({ key: "alice", keyFile: "f" }, chain)).rejects.toThrow("exclude each other");
    process.env.MESG_MNEMONIC = "not a mnemonic at all";
    await expect(findWallet({}, chain)).rejects.toThrow(/^MESG_MNEMONIC is not a BIP-39 mnemonic of 12 to 24 words$/);
  });

  it("have attestation keys on their own path", async () => {
    const { attestationKey } = await walletOf(MNEMONIC, chain);
    const [first, second] = [await attestationKey(0), await attestationKey(1)];
    expect([first.length, second.length]).toEqual([33, 33]);
    expect(first).not.toEqual(second);
  });

  it("survive a file, which only its passphrase opens", () => {
    const text = encryptKey(MNEMONIC, "a good passphrase");
    expect(text).not.toContain("abandon");
    expect(decryptKey(text, "a good passphrase", "f")).toBe(MNEMONIC);
    expect(() => decryptKey(text, "another", "f")).toThrow("f cannot be decrypted");
    expect(() => decryptKey("{}", "another", "f")).toThrow("f is not a key file");
    const changed = text.replace(
      /"ciphertext":"(.)/,
      (_, first: string) => `"ciphertext":"${first === "A" ? "B" : "A"}`,
    );
    expect(() => decryptKey(changed, "a good passphrase", "f")).toThrow("cannot be decrypted");
  });
});
