import { fromHex, toHex } from "@cosmjs/encoding";
import { describe, expect, it } from "vitest";
import { publicKeyOf, randomnessOf, randomSecret, signRound, verifyRound } from "../src/beacon/scheme.js";

// A round that drand's quicknet published (docs/mechanism.md 1.1).
const quicknet = {
  publicKey: fromHex(
    "83cf0f2896adee7eb8b5f01fcad3912212c437e0073e911fb90022d3e760183c8c4b450b6a0a6c3ac6a5776a2d1064510d1fec758c921cc22b0e17e63aaf4bcb5ed66304de9cf809bd274ca73bab4af5a6e9c76a4bc09e76eae8991ef5ece45a",
  ),
  round: 123n,
  signature: fromHex(
    "b75c69d0b72a5d906e854e808ba7e2accb1542ac355ae486d591aa9d43765482e26cd02df835d3546d23c4b13e0dfc92",
  ),
  randomness: "fb8f7bc29bf24db51871ec8c79f3a1e4bd0557bc0dfcee9ed1d924e69d1c60dc",
};

describe("the signature scheme", () => {
  it("verifies a round of drand's quicknet", () => {
    expect(verifyRound(quicknet.round, quicknet.signature, quicknet.publicKey)).toBe(true);
    expect(toHex(randomnessOf(quicknet.signature))).toBe(quicknet.randomness);
  });

  it("refuses another round, another signature and another key", () => {
    const other = publicKeyOf(randomSecret());
    expect(verifyRound(124n, quicknet.signature, quicknet.publicKey)).toBe(false);
    expect(verifyRound(123n, signRound(123n, randomSecret()), quicknet.publicKey)).toBe(false);
    expect(verifyRound(123n, quicknet.signature, other)).toBe(false);
  });

  it("refuses bytes that are no point", () => {
    const broken = Uint8Array.from(quicknet.signature);
    broken.fill(0xff, 1, 9);
    expect(verifyRound(123n, broken, quicknet.publicKey)).toBe(false);
    expect(verifyRound(123n, new Uint8Array(48), quicknet.publicKey)).toBe(false);
    expect(verifyRound(123n, new Uint8Array(47), quicknet.publicKey)).toBe(false);
  });

  it("signs what it verifies, always the same way", () => {
    const secret = randomSecret();
    const publicKey = publicKeyOf(secret);
    expect(publicKey).toHaveLength(96);
    for (const round of [1n, 255n, 256n, 2n ** 40n]) {
      const signature = signRound(round, secret);
      expect(signature).toHaveLength(48);
      expect(signature).toEqual(signRound(round, secret));
      expect(verifyRound(round, signature, publicKey)).toBe(true);
      expect(verifyRound(round + 1n, signature, publicKey)).toBe(false);
    }
  });
});
