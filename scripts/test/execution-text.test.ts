import { describe, expect, it } from "vitest";
import { executionText } from "../src/cli/commands/execution.js";
import type { ExecutionResponse, SeatView } from "../src/client/generated/execution-market.js";

const at = (time: number, height: number) => ({ time: time.toString(), height: height.toString() });
const seat = (runner: number, progress: string, more: Partial<SeatView> = {}): SeatView => ({
  runner,
  key_no: 0,
  progress,
  passed_slot: false,
  equivocated: false,
  ...more,
});
const digest = (byte: string) => byte.repeat(32);

const challenged: ExecutionResponse = {
  execution: "7",
  requester: "wasm1alice",
  sub: 0,
  service: 1,
  version: 2,
  terms: 3,
  params: 1,
  requested: at(1_800_000_000, 100),
  input: { sha256: digest("ab"), len: 20 },
  escrow: "5000000",
  tips_paid: "5000",
  pot: "1000000",
  phase: "working",
  reason: null,
  until: at(1_800_000_060, 130),
  beacon: 0,
  round: "42",
  escalation: 3,
  validators: 3,
  verify: false,
  panels: [
    {
      escalation: 1,
      beacon: 0,
      round: "20",
      seed: digest("01"),
      seats: [
        seat(4, "opened", { passed_slot: true }),
        seat(2, "opened", { equivocated: true }),
        seat(9, "unopened"),
        seat(3, "opened"),
      ],
      spares: [11],
      declined: [5, 6],
    },
    {
      escalation: 3,
      beacon: 0,
      round: "42",
      seed: digest("02"),
      seats: [seat(12, "seated"), seat(13, "sealed")],
      spares: [],
      declined: [],
    },
  ],
  own_runner: 21,
  unattested: false,
  result: null,
  value: { kind: 0, code: 0, output: digest("cd"), output_len: "9", mfuel: "1" },
  decided: 2,
  challenge: { challenger: "wasm1bob", bond: "2500000", right: null },
  history: [
    { phase: "queued", escalation: 1, at: at(1_800_000_001, 101) },
    { phase: "provisional", escalation: 0, at: at(1_800_000_030, 110) },
  ],
};

const text = (found: ExecutionResponse) => executionText((value) => Promise.resolve(`${value} units`), found);

describe("mesg execution show", () => {
  it("names every round, its seats and the challenge", async () => {
    await expect(`${await text(challenged)}\n`).toMatchFileSnapshot("golden/execution-show-challenged.txt");
  });

  it("says who stands for an own run, and what ended it", async () => {
    const own: ExecutionResponse = {
      ...challenged,
      phase: "finalized",
      until: null,
      escalation: 0,
      panels: [],
      unattested: true,
      result: { kind: 0, code: 0, output: digest("cd"), output_len: "9", mfuel: "1" },
      decided: 0,
      challenge: null,
      history: [],
    };
    await expect(`${await text(own)}\n`).toMatchFileSnapshot("golden/execution-show-own-run.txt");
  });

  it("knows errors, refused results and verdicts on challenges", async () => {
    const value = { kind: 1, code: 3, output: digest("00"), output_len: "0", mfuel: "1" };
    const bond = { challenger: "wasm1bob", bond: "1" };
    const right = await text({ ...challenged, value, challenge: { ...bond, right: true } });
    expect(right).toMatch(/^value +Err 3, decided in round 2$/m);
    expect(right).toMatch(/^challenge +right, with a bond of 1 units by wasm1bob$/m);
    const wrong = await text({
      ...challenged,
      phase: "refunded",
      reason: "Rejected",
      value: { ...value, kind: 3, code: 0 },
      challenge: { ...bond, right: false },
    });
    expect(wrong).toMatch(/^phase +refunded 3: Rejected$/m);
    expect(wrong).toMatch(/^value +Invalid, decided in round 2$/m);
    expect(wrong).toMatch(/^challenge +wrong, /m);
  });
});
