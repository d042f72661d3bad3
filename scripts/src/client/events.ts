/** Typed events of the contracts: `wasm-CONTRACT_NAME` on the wire, with decimal strings as attributes. */
import type { Event } from "@cosmjs/stargate";
import { Failure } from "./failure.js";

export interface ContractEvent {
  /** "requested", without the contract's prefix. */
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** Prefixes of the contracts' events. */
export type EventSource = "market" | "registry" | "staking";

interface RawEvent {
  readonly type: string;
  readonly attributes: readonly { readonly key: string; readonly value: string }[];
}

/** The events of one of our contracts, which has this address, in order. */
export function contractEvents(events: readonly RawEvent[], source: EventSource, address: string): ContractEvent[] {
  const prefix = `wasm-${source}_`;
  return events
    .filter(({ type }) => type.startsWith(prefix))
    .map(({ type, attributes }) => ({
      name: type.slice(prefix.length),
      attributes: Object.fromEntries(attributes.map(({ key, value }) => [key, value])),
    }))
    .filter(({ attributes }) => attributes._contract_address === address);
}

/** An attribute of the first event of this name in a transaction. */
export function attribute(
  events: readonly Event[],
  source: EventSource,
  address: string,
  name: string,
  key: string,
): string {
  const found = contractEvents(events, source, address).find((event) => event.name === name)?.attributes[key];
  if (found === undefined) throw new Failure(`the transaction has no event ${source}_${name} with ${key}`);
  return found;
}
