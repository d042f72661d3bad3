/** The beacon's state directory: its secret key and the parameters that are fixed when it is first started. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fromHex, toHex } from "@cosmjs/encoding";
import { publicKeyOf, randomSecret, sha256 } from "./scheme.js";
import type { ChainParameters } from "./chain.js";

const BEACON_ID = "mesg-local";

/** A beacon that can sign. */
export interface Beacon {
  readonly secret: Uint8Array;
  readonly parameters: ChainParameters;
}

/** What a new beacon shall be; an existing one keeps what it was made with. */
export interface Wish {
  /** Seconds, 1 or more. */
  readonly period: number;
  /** Unix seconds of round 1. */
  readonly genesisTime: number;
  /** A file with a secret scalar as 64 hex digits, instead of a new random key. */
  readonly keyFile?: string | undefined;
}

interface StoredParameters {
  readonly period: number;
  readonly genesis_time: number;
}

/** Opens the beacon in `directory`, making it as wished if there is none. */
export function openBeacon(directory: string, wish: Wish): Beacon {
  mkdirSync(directory, { recursive: true });
  const secret = fromHex(
    readOrMake(join(directory, "key"), () =>
      wish.keyFile === undefined ? toHex(randomSecret()) : readFileSync(wish.keyFile, "utf8"),
    ).trim(),
  );
  const stored = JSON.parse(
    readOrMake(join(directory, "parameters.json"), () =>
      JSON.stringify({ period: wish.period, genesis_time: wish.genesisTime } satisfies StoredParameters),
    ),
  ) as StoredParameters;
  const publicKey = publicKeyOf(secret);
  return {
    secret,
    parameters: {
      publicKey,
      period: stored.period,
      genesisTime: stored.genesis_time,
      // One signer is the whole group; drand hashes the group's description here.
      groupHash: sha256(new TextEncoder().encode("mesg local beacon group"), publicKey),
      beaconId: BEACON_ID,
    },
  };
}

/** Only the owner may read what is written: the key is a secret, if only of a test network. */
function readOrMake(path: string, make: () => string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
  const content = make();
  writeFileSync(path, content, { mode: 0o600 });
  return content;
}
