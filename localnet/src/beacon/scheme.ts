/**
 * The signature scheme of drand's quicknet: unchained rounds, BLS12-381 with signatures in G1 (48 bytes) and keys in
 * G2 (96 bytes), hash to curve as in RFC 9380. The market verifies the same on chain (docs/mechanism.md 1.1).
 */
import { createHash } from "node:crypto";
import { bls12_381 } from "@noble/curves/bls12-381.js";

export const SCHEME_ID = "bls-unchained-g1-rfc9380";
const DOMAIN = "BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_";
const bls = bls12_381.shortSignatures;

/** What a round's signature signs: sha256 of the round number as 8 bytes, big-endian. */
export function roundMessage(round: bigint): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, round);
  return sha256(bytes);
}

/** Compressed G2 point of a secret scalar of 32 bytes. */
export function publicKeyOf(secret: Uint8Array): Uint8Array {
  return bls.getPublicKey(secret).toBytes(true);
}

/** The one signature of `round` under `secret`: a compressed G1 point. */
export function signRound(round: bigint, secret: Uint8Array): Uint8Array {
  return bls.sign(bls.hash(roundMessage(round), DOMAIN), secret).toBytes(true);
}

/** Whether `signature` is the signature of `round` under `publicKey`. Malformed points are just not valid. */
export function verifyRound(round: bigint, signature: Uint8Array, publicKey: Uint8Array): boolean {
  try {
    return bls.verify(signature, bls.hash(roundMessage(round), DOMAIN), publicKey);
  } catch {
    return false;
  }
}

/** A new random secret scalar. */
export function randomSecret(): Uint8Array {
  return bls12_381.utils.randomSecretKey();
}

/** What everybody takes as a round's randomness: sha256 of its signature. */
export function randomnessOf(signature: Uint8Array): Uint8Array {
  return sha256(signature);
}

export function sha256(...parts: Uint8Array[]): Uint8Array {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return new Uint8Array(hash.digest());
}
