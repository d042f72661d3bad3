import { Secp256k1, sha256 } from "@cosmjs/crypto";
import { fromHex, toHex, toUtf8 } from "@cosmjs/encoding";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  declineMessage,
  domainOf,
  outputDigest,
  outputValue,
  roundValue,
  saltOf,
  sealOf,
  seedOf,
  sign,
  signMessage,
  type SeatPlace,
  type Value,
} from "../src/client/index.js";

interface Vector {
  readonly chain_id: string;
  readonly contract_canonical: string;
  readonly domain: string;
  readonly attestation_secret: string;
  readonly attestation_pubkey: string;
  readonly execution: string;
  readonly round: number;
  readonly runner: number;
  readonly rand: string;
  readonly seed: string;
  readonly kind: number;
  readonly code: number;
  readonly output: string | null;
  readonly output_len: number;
  readonly mfuel: string;
  readonly D: string;
  readonly h: string;
  readonly salt: string;
  readonly C: string;
  readonly sign_message: string;
  readonly signature: string;
  readonly decline_code: number;
  readonly decline_message: string;
}

const vectors = JSON.parse(
  readFileSync(new URL("../../packages/protocol/tests/vectors/seals.json", import.meta.url), "utf8"),
) as Vector[];

function placeOf({ domain, execution, round, runner }: Vector): SeatPlace {
  return { domain: fromHex(domain), execution: BigInt(execution), round, runner };
}

function valueOf({ kind, code, output, output_len, mfuel }: Vector): Value {
  const digest = output === null ? new Uint8Array(32) : sha256(toUtf8(output));
  return { kind, code, output: digest, outputLen: BigInt(output_len), mfuel: BigInt(mfuel) };
}

describe("seals are those of the independent vectors", () => {
  it("domain and seed", () => {
    expect(vectors.length).toBeGreaterThan(10);
    for (const vector of vectors) {
      expect(toHex(domainOf(vector.chain_id, fromHex(vector.contract_canonical)))).toBe(vector.domain);
      const { domain, execution, round } = placeOf(vector);
      expect(toHex(seedOf(domain, fromHex(vector.rand), execution, round))).toBe(vector.seed);
    }
  });

  it("values", () => {
    for (const vector of vectors) {
      expect(toHex(outputDigest(valueOf(vector)))).toBe(vector.D);
      if (vector.kind === 0 && vector.output !== null) {
        expect(outputValue(vector.output, BigInt(vector.mfuel))).toEqual(valueOf(vector));
      }
    }
  });

  it("seals, salts and messages", () => {
    for (const vector of vectors) {
      const place = placeOf(vector);
      const salt = saltOf(fromHex(vector.attestation_secret), place);
      const value = roundValue(place, fromHex(vector.D));
      const seal = sealOf(place, value, salt);
      const seed = fromHex(vector.seed);
      expect([salt, value, seal].map(toHex)).toEqual([vector.salt, vector.h, vector.C]);
      expect(toHex(signMessage(place, seed, seal))).toBe(vector.sign_message);
      expect(toHex(declineMessage(place, seed, vector.decline_code))).toBe(vector.decline_message);
    }
  });

  it("signatures", () => {
    for (const vector of vectors) {
      const secret = fromHex(vector.attestation_secret);
      const { pubkey } = Secp256k1.makeKeypair(secret);
      expect(toHex(Secp256k1.compressPubkey(pubkey))).toBe(vector.attestation_pubkey);
      expect(toHex(sign(secret, fromHex(vector.sign_message)))).toBe(vector.signature);
    }
  });

  it("and a domain's parts have a limit", () => {
    expect(() => domainOf("x".repeat(256), new Uint8Array(1))).toThrow("a part of the domain has 256 bytes");
  });
});
