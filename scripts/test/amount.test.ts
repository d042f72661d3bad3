import { describe, expect, it } from "vitest";
import { formatAmount, parseAmount } from "../src/client/index.js";

const mesg = { symbol: "MESG", decimals: 6 };

describe("amounts", () => {
  it.each([
    ["0", 0n, "0 MESG"],
    ["1.5", 1_500_000n, "1.5 MESG"],
    ["0.000001", 1n, "0.000001 MESG"],
    ["12.340000", 12_340_000n, "12.34 MESG"],
    ["340282366920938463463374607431768.211455", (1n << 128n) - 1n, "340282366920938463463374607431768.211455 MESG"],
  ])("reads and writes %s", (text, amount, written) => {
    expect(parseAmount("amount", text, mesg)).toBe(amount);
    expect(formatAmount(amount, mesg)).toBe(written);
  });

  it.each(["", "-1", "1.", ".5", "1.0000001", "1e3", "0x10", " 1", "1,5"])("refuses %j", (text) => {
    expect(() => parseAmount("amount", text, mesg)).toThrow(
      `amount must be a decimal number of MESG with at most 6 places, such as 1.5, got '${text}'`,
    );
  });

  it("refuses what does not fit 128 bits", () => {
    expect(() => parseAmount("amount", "340282366920938463463374607431768.211456", mesg)).toThrow("128 bits");
  });

  it("writes negative amounts and whole units", () => {
    expect(formatAmount(-1n, mesg)).toBe("-0.000001 MESG");
    expect(formatAmount(7n, { symbol: "X", decimals: 0 })).toBe("7 X");
  });
});
