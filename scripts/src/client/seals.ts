/**
 * What a seat commits to: values, seals, and the messages that an attestation key signs; packages/protocol/src/seal.rs in
 * TypeScript (docs/mechanism.md 2.3, 2.6). Every integer is big-endian, every digest 32 bytes, every signature r|s with low s.
 */
import { Hmac, Secp256k1, Sha256, sha256 } from "@cosmjs/crypto";
import { toUtf8 } from "@cosmjs/encoding";
import { Failure } from "./failure.js";

/** Kinds of values by their numbers. */
export const KINDS = { ok: 0, err: 1, valid: 2, invalid: 3 } as const;

/** The result of a run, as seats agree on it. */
export interface Value {
  readonly kind: number;
  /** Error code; 0 unless the kind is `err`. */
  readonly code: number;
  /** SHA-256 of the canonical output or of the witness; 32 zeros without one. */
  readonly output: Uint8Array;
  /** Bytes of that output or witness. */
  readonly outputLen: bigint;
  /** Fuel in started millions. */
  readonly mfuel: bigint;
}

/** The place of a seat: market, execution, round of the execution (0 to 3), runner. */
export interface SeatPlace {
  readonly domain: Uint8Array;
  readonly execution: bigint;
  readonly round: number;
  readonly runner: number;
}

/** The value of an output in canonical JSON that took so much fuel. */
export function outputValue(json: string, mfuel: bigint): Value {
  const bytes = toUtf8(json);
  return { kind: KINDS.ok, code: 0, output: sha256(bytes), outputLen: BigInt(bytes.length), mfuel };
}

/** `domain32`: what separates one market from all others. `contract` is its address in bytes, at most 255. */
export function domainOf(chainId: string, contract: Uint8Array): Uint8Array {
  const chain = toUtf8(chainId);
  const longest = Math.max(chain.length, contract.length);
  if (longest > 255) throw new Failure(`a part of the domain has ${longest.toString()} bytes, at most 255 fit`);
  return digest("mesg/domain/v1", integer(chain.length, 1), chain, integer(contract.length, 1), contract);
}

/** Seed of a round's draw from the beacon's randomness. */
export function seedOf(domain: Uint8Array, rand: Uint8Array, execution: bigint, round: number): Uint8Array {
  return digest("mesg/draw/v1", domain, rand, integer(execution, 8), integer(round, 1));
}

/** D, the output digest. */
export function outputDigest({ kind, code, output, outputLen, mfuel }: Value): Uint8Array {
  return digest("mesg/output/v1", integer(kind, 1), integer(code, 2), output, integer(outputLen, 8), integer(mfuel, 8));
}

/** h, the value that a seat of this round opens. */
export function roundValue({ domain, execution, round }: Omit<SeatPlace, "runner">, output: Uint8Array): Uint8Array {
  return digest("mesg/value/v1", domain, integer(execution, 8), integer(round, 1), output);
}

/** C, the seal over a round value. */
export function sealOf(
  { domain, execution, round, runner }: SeatPlace,
  value: Uint8Array,
  salt: Uint8Array,
): Uint8Array {
  const place = [integer(execution, 8), integer(round, 1), integer(runner, 4)];
  return digest("mesg/seal/v1", domain, ...place, value, salt);
}

/** The digest whose signature stands for a seal; of the round's seed. */
export function signMessage(place: SeatPlace, seed: Uint8Array, seal: Uint8Array): Uint8Array {
  return digest("mesg/sign/v1", ...signedPlace(place, seed), seal);
}

/** The digest whose signature gives the seat up. */
export function declineMessage(place: SeatPlace, seed: Uint8Array, code: number): Uint8Array {
  return digest("mesg/decline/v1", ...signedPlace(place, seed), integer(code, 2));
}

/** The salt of a seat: the attestation secret's HMAC of the round. */
export function saltOf(secret: Uint8Array, { domain, execution, round }: Omit<SeatPlace, "runner">): Uint8Array {
  const mac = new Hmac(Sha256, secret);
  for (const part of [toUtf8("mesg/salt/v1"), domain, integer(execution, 8), integer(round, 1)]) mac.update(part);
  return mac.digest();
}

/** Signs a digest with an attestation secret: 64 bytes, deterministic. */
export function sign(secret: Uint8Array, message: Uint8Array): Uint8Array {
  const signature = Secp256k1.createSignature(message, secret);
  return new Uint8Array([...signature.r(32), ...signature.s(32)]);
}

function signedPlace({ domain, execution, round, runner }: SeatPlace, seed: Uint8Array): Uint8Array[] {
  return [domain, integer(execution, 8), seed, integer(round, 1), integer(runner, 4)];
}

function digest(tag: string, ...parts: Uint8Array[]): Uint8Array {
  const hash = new Sha256(toUtf8(tag));
  for (const part of parts) hash.update(part);
  return hash.digest();
}

function integer(value: number | bigint, bytes: number): Uint8Array {
  const out = new Uint8Array(8);
  new DataView(out.buffer).setBigUint64(0, BigInt(value));
  return out.slice(8 - bytes);
}
