import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { feesOf, maxFees, seatBondNeeded, serviceBondNeeded } from "../src/client/index.js";

interface Vector {
  readonly terms: { per_call: string; per_kb: string; per_mfuel: string; validator_bps: string };
  readonly kb_max: number;
  readonly mfuel_max: number;
  readonly escrow: { a: string; b: string };
}

const vectors = JSON.parse(
  readFileSync(new URL("../../packages/protocol/tests/vectors/money.json", import.meta.url), "utf8"),
) as Vector[];

const task = {
  price: { per_call: "1000000", per_kb: "1000", per_mfuel: "10" },
  validator_bps: 8000,
  max_input: 100_000,
  max_output: 4096,
  max_fuel: "2000000000",
};

describe("fees", () => {
  it("are those of the independent vectors", () => {
    expect(vectors.length).toBeGreaterThan(10);
    for (const { terms, kb_max, mfuel_max, escrow } of vectors) {
      const fees = feesOf(terms, Number(terms.validator_bps), BigInt(kb_max), BigInt(mfuel_max));
      expect([fees.executor, fees.validator]).toEqual([BigInt(escrow.a), BigInt(escrow.b)]);
    }
  });

  it("take the most that a task may use", () => {
    // a = 1,000,000 + 105·1,000 + 2,000·10
    expect(maxFees(task)).toEqual({ executor: 1_125_000n, validator: 900_000n });
  });

  it("decide the least bonds", () => {
    expect(seatBondNeeded(task, { replicate: { k1: 3, k2: 5 } })).toBe(20n * 1_125_000n);
    expect(seatBondNeeded(task, { replicate: { k1: 3, k2: 9, k3: 21 } })).toBe(27n * 900_000n);
    // With up to 7 validators k2 is 9, for a third round k3 18.
    expect(seatBondNeeded(task, { replicate: { k1: 3, k2: 5 } }, 7)).toBe(27n * 900_000n);
    expect(seatBondNeeded(task, { verify: { k1: 3, k2: 5, k3: 10 } }, 7)).toBe(27n * 900_000n);
    expect(serviceBondNeeded([task], { replicate: { k1: 3, k2: 5 } })).toBe(25n * 900_000n);
    const cheap = { ...task, price: { ...task.price, per_call: "1" } };
    expect(serviceBondNeeded([cheap, task], { replicate: { k1: 3, k2: 9, k3: 21 } })).toBe(150n * 900_000n);
  });
});
