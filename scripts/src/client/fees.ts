/** Fees and bonds of a task at most usage, computed as packages/protocol does (docs/mechanism.md 2.5, 2.6, 3, 4). */
import type { Committee, Policy, Prices, Task } from "./generated/registry.js";

export interface Fees {
  /** a: the executor's fee. */
  readonly executor: bigint;
  /** b: one validator's fee. */
  readonly validator: bigint;
}

/** What fees are computed from; `TermsResponse` and a task of a manifest both have it. */
export type Metered = Pick<Task, "max_input" | "max_output" | "max_fuel" | "validator_bps"> & {
  readonly price: Prices;
};

/** Fees for a usage: `kb` started kB of input and output together, `mfuel` started millions of fuel. */
export function feesOf(price: Prices, validatorBps: number, kb: bigint, mfuel: bigint): Fees {
  const executor = BigInt(price.per_call) + BigInt(price.per_kb) * kb + BigInt(price.per_mfuel) * mfuel;
  return { executor, validator: (executor * BigInt(validatorBps)) / 10_000n };
}

/** Fees at the most that a task may use. */
export function maxFees(task: Metered): Fees {
  const kb = ceilDiv(BigInt(task.max_input) + BigInt(task.max_output), 1000n);
  return feesOf(task.price, task.validator_bps, kb, ceilDiv(BigInt(task.max_fuel), 1_000_000n));
}

/** The sizes of a policy's committees. */
export function committeeOf(policy: Policy): Committee {
  return "replicate" in policy ? policy.replicate : policy.verify;
}

/** The committee with `k1` validators in round 1; the later rounds grow to their bounds. */
export function grownTo(committee: Committee, k1: number): Committee {
  const k2 = Math.max(committee.k2, k1 + 2);
  const k3 = committee.k3 ?? undefined;
  return { k1, k2, ...(k3 === undefined ? {} : { k3: Math.max(k3, 2 * k2) }) };
}

/**
 * Least seat bond: max(20a, 20b, 3·k2·b, the slash of a missed seat in a later round), with the most validators that may be
 * asked for.
 */
export function seatBondNeeded(task: Metered, policy: Policy, maxValidators?: number | null): bigint {
  const { executor, validator } = maxFees(task);
  const committee = committeeOf(policy);
  const { k2, k3 } = grownTo(committee, maxValidators ?? committee.k1);
  const laterMiss = ceilDiv(BigInt(k3 ?? 0) * 25n, (BigInt(k2) / 3n + 1n) * 16n);
  return [20n * executor, 20n * validator, 3n * BigInt(k2) * validator, laterMiss * validator].reduce((a, b) =>
    a > b ? a : b,
  );
}

/** Least service bond at publication: 5·(k2 + k3)·b of the dearest task. */
export function serviceBondNeeded(tasks: readonly Metered[], policy: Policy): bigint {
  const { k2, k3 } = committeeOf(policy);
  const dearest = tasks.reduce((most, task) => (maxFees(task).validator > most ? maxFees(task).validator : most), 0n);
  return 5n * (BigInt(k2) + BigInt(k3 ?? 0)) * dearest;
}

function ceilDiv(a: bigint, b: bigint): bigint {
  return (a + b - 1n) / b;
}
