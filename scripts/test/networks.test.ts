import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { beaconOf, loadParams } from "../src/cli/deploy/params.js";
import { loadNetwork, networkDirectory } from "../src/cli/networks.js";
import { gasPrice } from "../src/client/index.js";

const drand = {
  public_key:
    "83cf0f2896adee7eb8b5f01fcad3912212c437e0073e911fb90022d3e760183c8c4b450b6a0a6c3ac6a5776a2d1064510d1fec758c921cc22b0e17e63aaf4bcb5ed66304de9cf809bd274ca73bab4af5a6e9c76a4bc09e76eae8991ef5ece45a",
  genesis_time: 1692803367,
  period: 3,
  schemeID: "bls-unchained-g1-rfc9380",
};

describe("networks/local", () => {
  const { chain, assets } = loadNetwork({ network: "local", deployment: "/nowhere" });

  it("keeps to the shapes of the chain registry and to what Keplr takes", () => {
    expect(chain.chain_name).toMatch(/^[a-z0-9]+$/);
    expect(chain.pretty_name.length).toBeLessThanOrEqual(36);
    expect(chain.chain_id).toMatch(/^[a-z-]+-\d+$/);
    expect(assets.chain_name).toBe(chain.chain_name);
    expect(gasPrice(chain)).toBe("0.025ucosm");
    for (const asset of assets.assets) {
      expect(asset.denom_units.map(({ denom }) => denom)).toEqual([asset.base, asset.display]);
    }
    for (const { address } of [...chain.apis.rpc, ...chain.apis.rest]) expect(new URL(address).search).toBe("");
  });

  it("is instantiated within the bounds of docs/mechanism.md 6", () => {
    const { staking, market, token } = loadParams(`${networkDirectory("local")}/params.json`);
    expect(market.margin).toBeGreaterThanOrEqual(9);
    expect(market.t_queue).toBeGreaterThanOrEqual(market.margin + 9);
    expect(market.t_queue).toBeLessThanOrEqual(staking.epoch_secs - market.margin);
    for (const seconds of [market.t_open, market.t_publish])
      expect(seconds).toBeGreaterThanOrEqual(12 * market.block_max_avg);
    const accounts = JSON.parse(
      readFileSync(new URL("../../localnet/test-accounts.json", import.meta.url), "utf8"),
    ) as {
      accounts: { address: string }[];
    };
    const known = new Set(accounts.accounts.map(({ address }) => address));
    expect(token.initial_balances.every(({ address }) => known.has(address))).toBe(true);
  });

  it("takes a beacon as drand describes it, and no other", async () => {
    const params = loadParams(`${networkDirectory("local")}/params.json`);
    const beacon = await beaconOf({ ...params, beacon: drand });
    expect([beacon.genesis, beacon.period, Buffer.from(beacon.public_key, "base64").length]).toEqual([
      "1692803367",
      "3",
      96,
    ]);
    const chained = { ...params, beacon: { ...drand, schemeID: "pedersen-bls-chained" } };
    await expect(beaconOf(chained)).rejects.toThrow(
      'schemeID is "pedersen-bls-chained", must be bls-unchained-g1-rfc9380',
    );
    const short = { ...params, beacon: { ...drand, public_key: "83" } };
    await expect(beaconOf(short)).rejects.toThrow("must be 96 bytes in hexadecimal");
  });
});
