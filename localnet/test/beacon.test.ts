import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fromHex, toHex } from "@cosmjs/encoding";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { chainInfo, roundAt, timeOf, type ChainInfo } from "../src/beacon/chain.js";
import { openBeacon, type Beacon } from "../src/beacon/home.js";
import { answer, type Round } from "../src/beacon/routes.js";
import { randomnessOf, randomSecret, verifyRound } from "../src/beacon/scheme.js";

let home: string;
let beacon: Beacon;
let info: ChainInfo;
const genesis = 1_000_000;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "beacon-"));
  beacon = openBeacon(home, { period: 3, genesisTime: genesis });
  info = chainInfo(beacon.parameters);
});
afterEach(() => {
  rmSync(home, { recursive: true });
});

describe("the chain hash", () => {
  it("is quicknet's for quicknet's parameters", () => {
    const quicknet = chainInfo({
      publicKey: fromHex(
        "83cf0f2896adee7eb8b5f01fcad3912212c437e0073e911fb90022d3e760183c8c4b450b6a0a6c3ac6a5776a2d1064510d1fec758c921cc22b0e17e63aaf4bcb5ed66304de9cf809bd274ca73bab4af5a6e9c76a4bc09e76eae8991ef5ece45a",
      ),
      period: 3,
      genesisTime: 1_692_803_367,
      groupHash: fromHex("f477d5c89f21a17c863a7f937c6a6d15859414d2be09cd448d4279af331c5d3e"),
      beaconId: "quicknet",
    });
    expect(quicknet.hash).toBe("52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971");
  });
});

describe("round times", () => {
  it("start with round 1 at genesis", () => {
    expect(roundAt(info, genesis - 0.001)).toBe(0n);
    expect(roundAt(info, genesis)).toBe(1n);
    expect(roundAt(info, genesis + 2.999)).toBe(1n);
    expect(roundAt(info, genesis + 3)).toBe(2n);
  });

  it("are inverse to each other", () => {
    for (const round of [1n, 2n, 1000n, 123_456_789n]) {
      const time = Number(timeOf(info, round));
      expect(roundAt(info, time)).toBe(round);
      expect(roundAt(info, time - 1)).toBe(round - 1n);
    }
  });
});

describe("the home", () => {
  it("keeps key and parameters, whatever is wished later", () => {
    const again = openBeacon(home, { period: 30, genesisTime: 5 });
    expect(chainInfo(again.parameters)).toEqual(info);
    expect(again.secret).toEqual(beacon.secret);
  });

  it("takes a given key", () => {
    const secret = randomSecret();
    const keyFile = join(home, "given");
    writeFileSync(keyFile, `${toHex(secret)}\n`);
    const given = openBeacon(join(home, "second"), { period: 3, genesisTime: genesis, keyFile });
    expect(given.secret).toEqual(secret);
  });

  it("is for its owner only", () => {
    expect(statSync(join(home, "key")).mode & 0o077).toBe(0);
  });
});

describe("GET", () => {
  const at = (round: bigint): number => Number(timeOf(info, round));

  it("/info and /{chain hash}/info give the same", () => {
    expect(answer(beacon, "/info", genesis)).toEqual({ status: 200, body: info });
    expect(answer(beacon, `/${info.hash}/info`, genesis)).toEqual({ status: 200, body: info });
    expect(answer(beacon, "/chains", genesis).body).toEqual([info.hash]);
    expect(answer(beacon, "/health", at(7n)).body).toEqual({ current: 7 });
  });

  it("a published round gives a signature that verifies", () => {
    for (const path of ["/public/5", `/${info.hash}/public/5`]) {
      const { status, body } = answer(beacon, path, at(9n));
      const round = body as Round;
      expect(status).toBe(200);
      expect(round.round).toBe(5);
      expect(verifyRound(5n, fromHex(round.signature), fromHex(info.public_key))).toBe(true);
      expect(round.randomness).toBe(toHex(randomnessOf(fromHex(round.signature))));
    }
  });

  it("latest is the newest published round", () => {
    expect((answer(beacon, "/public/latest", at(9n) + 2).body as Round).round).toBe(9);
  });

  it("a future round is never signed", () => {
    for (const path of ["/public/10", "/public/9007199254740991"]) {
      expect(answer(beacon, path, at(9n) + 2).status).toBe(425);
    }
    expect(answer(beacon, "/public/latest", genesis - 1).status).toBe(425);
    expect(answer(beacon, "/public/1", genesis - 1).status).toBe(425);
  });

  it("refuses what is no round, no chain or no path", () => {
    for (const round of ["0", "-1", "01", "x", "1e3", "99999999999999999"]) {
      expect(answer(beacon, `/public/${round}`, at(9n)).status).toBe(400);
    }
    expect(answer(beacon, `/${"ab".repeat(32)}/info`, genesis).status).toBe(404);
    for (const path of ["/", "/public", "/public/1/2", "/info/1", "/nothing"]) {
      expect(answer(beacon, path, at(9n)).status).toBe(404);
    }
  });
});
