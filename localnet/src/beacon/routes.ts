/**
 * The paths that drand's HTTP relays serve:
 *   /info                /{chain hash}/info
 *   /public/{round}      /{chain hash}/public/{round}      {round} is a number or "latest"
 *   /chains              /health
 */
import { toHex } from "@cosmjs/encoding";
import type { Reply } from "../http.js";
import { chainInfo, isChainHash, roundAt, timeOf, type ChainInfo } from "./chain.js";
import type { Beacon } from "./home.js";
import { randomnessOf, signRound } from "./scheme.js";

/** The JSON of a round, as drand serves it. */
export interface Round {
  readonly round: number;
  readonly randomness: string;
  readonly signature: string;
}

/** Answers `GET path` at `now` (unix seconds). */
export function answer(beacon: Beacon, path: string, now: number): Reply {
  const info = chainInfo(beacon.parameters);
  let parts = path.split("/").filter((part) => part !== "");
  const [first] = parts;
  if (first !== undefined && isChainHash(first)) {
    if (first.toLowerCase() !== info.hash) return failure(404, `unknown chain ${first}, this is ${info.hash}`);
    parts = parts.slice(1);
  }
  const [kind, round] = parts;
  if (kind === "public" && round !== undefined && parts.length === 2) return roundReply(beacon, info, round, now);
  if (parts.length !== 1) return failure(404, `no such path: ${path}`);
  if (kind === "info") return { status: 200, body: info };
  if (kind === "chains") return { status: 200, body: [info.hash] };
  if (kind === "health") return { status: 200, body: { current: Number(roundAt(info, now)) } };
  return failure(404, `no such path: ${path}`);
}

function roundReply(beacon: Beacon, info: ChainInfo, text: string, now: number): Reply {
  const newest = roundAt(info, now);
  const round = text === "latest" ? newest : /^[1-9][0-9]{0,15}$/.test(text) ? BigInt(text) : undefined;
  if (round === undefined) return failure(400, `'${text}' is neither a round number nor "latest"`);
  // Signing ahead of time would let everybody on the machine know the draw before requests are bound.
  if (round > newest || round === 0n) {
    const due = timeOf(info, round === 0n ? 1n : round);
    return failure(425, `round ${round.toString()} is published at ${due.toString()}`);
  }
  const signature = signRound(round, beacon.secret);
  const body: Round = {
    round: Number(round),
    randomness: toHex(randomnessOf(signature)),
    signature: toHex(signature),
  };
  return { status: 200, body };
}

function failure(status: number, error: string): Reply {
  return { status, body: { error } };
}
