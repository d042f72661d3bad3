/** networks/NAME/params.json: what the contracts are instantiated with. */
import { fromHex, toBase64 } from "@cosmjs/encoding";
import { z } from "zod";
import { Failure, sentence, type InstantiateMsg } from "../../client/index.js";
import { readJson } from "../networks.js";
import { check } from "../refusal.js";

const amount = z.string().regex(/^\d{1,39}$/, "must be a decimal integer in base units");
const seconds = z.int().min(1);
const bps = z.int().min(0).max(10_000);

const market = z.strictObject({
  margin: seconds,
  t_queue: seconds,
  t_open: seconds,
  t_publish: seconds,
  work_slack: seconds,
  block_max_avg: seconds,
  producers_bps: bps,
  burn_bps: bps,
  pot_burn_bps: bps,
  gate_bps: bps,
  gas_floor: amount,
  tips: z.strictObject({ tick: amount, beacon: amount, seat: amount, certify: amount, settle: amount }),
});

const schema = z.strictObject({
  /** Who may migrate the contracts: an address, "" for nobody; the deployer if absent. */
  admin: z.string().optional(),
  /** Who may propose changes of the market and name its pauser: an address, "" for nobody; the deployer if absent. */
  owner: z.string().optional(),
  /** Who may pause the market: an address, "" for nobody; the deployer if absent. */
  pauser: z.string().optional(),
  token: z.strictObject({
    name: z.string(),
    symbol: z.string(),
    decimals: z.int().min(0).max(18),
    initial_balances: z
      .array(z.strictObject({ address: z.string(), amount }))
      .min(1)
      .max(20),
  }),
  registry: z.strictObject({ owner: z.string().optional(), registration_fee: amount }),
  staking: z.strictObject({
    epoch_secs: seconds,
    unbonding_secs: seconds,
    block_max_avg: seconds,
    min_stake: amount,
    capacity_bps: bps,
    /** Of the block producers; one day if absent. */
    producer_epoch_secs: seconds.default(86_400),
  }),
  market,
  /** A drand-compatible beacon: the address of its HTTP API, or what its /info says. */
  beacon: z.union(
    [
      z.strictObject({ url: z.string().regex(/^https?:\/\//) }),
      z.strictObject({ public_key: z.string(), genesis_time: z.int(), period: z.int(), schemeID: z.string() }),
    ],
    'must be {"url": "http…"} or {"public_key", "genesis_time", "period", "schemeID"}',
  ),
});

export type DeployParams = z.output<typeof schema>;
type Beacon = InstantiateMsg<"execution-market">["beacon"];

export function loadParams(file: string): DeployParams {
  return check(schema, readJson(file), file);
}

/** Parameters of a market: those of a params.json, of which nothing else needs to be there. */
export function loadMarketParams(file: string): DeployParams["market"] {
  return check(z.object({ market }), readJson(file), file).market;
}

const info = z.object({
  public_key: z.string().regex(/^[0-9a-f]{192}$/, "must be 96 bytes in hexadecimal (a compressed point of G2)"),
  genesis_time: z.int().min(1),
  period: z.int().min(1),
  schemeID: z.literal("bls-unchained-g1-rfc9380"),
});

/** What the market is told of its beacon; `url` replaces the one of the parameters. */
export async function beaconOf(params: DeployParams, url?: string): Promise<Beacon> {
  const from = url ?? ("url" in params.beacon ? params.beacon.url : undefined);
  return from === undefined ? beaconFrom(params.beacon, "beacon") : await loadBeacon(from);
}

/** What a market is told of the beacon whose HTTP API is at `url`. */
export async function loadBeacon(url: string): Promise<Beacon> {
  return beaconFrom(await fetchInfo(url), url);
}

function beaconFrom(found: unknown, where: string): Beacon {
  const { public_key, genesis_time, period } = check(info, found, where);
  return { public_key: toBase64(fromHex(public_key)), genesis: genesis_time.toString(), period: period.toString() };
}

async function fetchInfo(url: string): Promise<unknown> {
  try {
    const response = await fetch(`${url.replace(/\/$/, "")}/info`, { signal: AbortSignal.timeout(10_000) });
    return await response.json();
  } catch (error) {
    throw new Failure(`the beacon at ${url} does not tell its /info: ${sentence(error)}`);
  }
}
