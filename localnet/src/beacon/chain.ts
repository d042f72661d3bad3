/** A beacon chain as drand describes it: who signs, when round 1 was, how long a round lasts, and the hash that names it. */
import { fromHex, toHex } from "@cosmjs/encoding";
import { SCHEME_ID, sha256 } from "./scheme.js";

/** The JSON of `GET /info`, field for field as drand serves it. */
export interface ChainInfo {
  readonly public_key: string;
  /** Seconds. */
  readonly period: number;
  /** Unix seconds at which round 1 is published. */
  readonly genesis_time: number;
  readonly hash: string;
  readonly groupHash: string;
  readonly schemeID: string;
  readonly metadata: { readonly beaconID: string };
}

export interface ChainParameters {
  readonly publicKey: Uint8Array;
  readonly period: number;
  readonly genesisTime: number;
  readonly groupHash: Uint8Array;
  readonly beaconId: string;
}

export function chainInfo(parameters: ChainParameters): ChainInfo {
  return {
    public_key: toHex(parameters.publicKey),
    period: parameters.period,
    genesis_time: parameters.genesisTime,
    hash: toHex(chainHash(parameters)),
    groupHash: toHex(parameters.groupHash),
    schemeID: SCHEME_ID,
    metadata: { beaconID: parameters.beaconId },
  };
}

/** sha256(period as u32 | genesis as i64, both big-endian | public key | group hash | beacon id), as drand computes it. */
function chainHash(parameters: ChainParameters): Uint8Array {
  const times = new Uint8Array(12);
  const view = new DataView(times.buffer);
  view.setUint32(0, parameters.period);
  view.setBigInt64(4, BigInt(parameters.genesisTime));
  return sha256(times, parameters.publicKey, parameters.groupHash, new TextEncoder().encode(parameters.beaconId));
}

/** The newest round published at `now` (unix seconds); 0 before genesis. */
export function roundAt(info: Pick<ChainInfo, "period" | "genesis_time">, now: number): bigint {
  if (now < info.genesis_time) return 0n;
  return BigInt(Math.floor((now - info.genesis_time) / info.period) + 1);
}

/** When `round` (1 or later) is published, in unix seconds. */
export function timeOf(info: Pick<ChainInfo, "period" | "genesis_time">, round: bigint): bigint {
  return BigInt(info.genesis_time) + (round - 1n) * BigInt(info.period);
}

export function isChainHash(text: string): boolean {
  try {
    return fromHex(text).length === 32;
  } catch {
    return false;
  }
}
