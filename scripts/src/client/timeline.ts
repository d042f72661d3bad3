/** Following one execution, block by block, until it ends. */
import { sha256 } from "@cosmjs/crypto";
import { toHex } from "@cosmjs/encoding";
import type { comet38 } from "@cosmjs/tendermint-rpc";
import type { Connection } from "./connection.js";
import { contractEvents, type ContractEvent } from "./events.js";
import { Failure } from "./failure.js";

/** One thing that happened to the execution. */
export interface TimelineItem extends ContractEvent {
  readonly height: number;
  /** Block time in ISO 8601. */
  readonly time: string;
  /** Who sent the transaction. */
  readonly sender: string;
  readonly tx: string;
  /** Gas that the whole transaction used. */
  readonly gas_used: number;
}

/** What follows the execution's end is not of it. */
const END = "ended";
const RESULT_ATTEMPTS = 40;
const RESULT_PAUSE_MS = 250;

export interface FollowOptions {
  /** First block to look at. */
  readonly from: number;
  /** Pause between two questions for a new block. */
  readonly pollMs: number;
  /** Gives up after this long without a new block. */
  readonly stalledMs: number;
}

/** Yields what happens to `execution` from block `from` on, until it has ended. */
export async function* follow(
  connection: Connection,
  execution: string,
  { from, pollMs, stalledMs }: FollowOptions,
): AsyncGenerator<TimelineItem> {
  for (let height = from; ; height += 1) {
    await untilHeight(connection, height, pollMs, stalledMs);
    for (const item of await itemsAt(connection, execution, height)) {
      yield item;
      if (item.name === END) return;
    }
  }
}

async function untilHeight(connection: Connection, height: number, pollMs: number, stalledMs: number): Promise<void> {
  let seen = 0;
  let deadline = Date.now() + stalledMs;
  for (;;) {
    const current = await connection.client.getHeight();
    if (current >= height) return;
    if (current > seen) [seen, deadline] = [current, Date.now() + stalledMs];
    if (Date.now() > deadline) {
      throw new Failure(`the chain has stood at height ${current.toString()} for ${(stalledMs / 1000).toString()} s`);
    }
    await pause(pollMs);
  }
}

async function itemsAt(connection: Connection, execution: string, height: number): Promise<TimelineItem[]> {
  const market = connection.address("execution-market");
  const results = await resultsAt(connection, height);
  const found = results.flatMap((result, index) =>
    contractEvents(result.events, "market", market)
      .filter(({ attributes }) => attributes.execution === execution)
      .map((event) => ({ event, index, result })),
  );
  if (found.length === 0) return [];
  const { block } = await connection.comet.block(height);
  return found.map(({ event, index, result }) => ({
    ...event,
    height,
    time: new Date(block.header.time.getTime()).toISOString(),
    sender: senderOf(result.events),
    tx: toHex(sha256(block.txs[index] ?? new Uint8Array())).toUpperCase(),
    gas_used: Number(result.gasUsed),
  }));
}

/** A node tells of a block before its results can be asked for. */
async function resultsAt({ comet }: Connection, height: number): Promise<comet38.BlockResultsResponse["results"]> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return (await comet.blockResults(height)).results;
    } catch (error) {
      if (attempt === RESULT_ATTEMPTS || !String(error).includes("could not find results")) throw error;
      await pause(RESULT_PAUSE_MS);
    }
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function senderOf(events: readonly { type: string; attributes: readonly { key: string; value: string }[] }[]): string {
  const message = events.find(({ type, attributes }) => type === "message" && attributes.some(isSender));
  return message?.attributes.find(isSender)?.value ?? "";
}

function isSender({ key }: { key: string }): boolean {
  return key === "sender";
}
