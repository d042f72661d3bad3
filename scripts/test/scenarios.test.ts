import { describe, expect, it } from "vitest";
import type { TimelineItem } from "../src/client/index.js";
import { Account } from "../src/demo/account.js";
import { chosen, SCENARIOS } from "../src/demo/scenarios/catalogue.js";

function item(name: string, attributes: Record<string, string>, sender = "bob"): TimelineItem {
  return { name, attributes, sender, height: 1, time: "2027-01-15T08:00:00.000Z", tx: "", gas_used: 0 };
}

function accountOf(...items: TimelineItem[]): Account {
  const account = new Account((kind, id) => (kind === "runner" ? `runner ${id}` : id));
  for (const one of items) account.book(one);
  return account;
}

const ended = (parts: Record<string, string>) =>
  item("ended", { user: "0", developer: "0", producers: "0", burn: "0", service_bond: "0", ...parts });

describe("scenarios", () => {
  it("are chosen by name", () => {
    expect(chosen("equivocator, right-challenge").map(([name]) => name)).toEqual(["equivocator", "right-challenge"]);
    expect(chosen("all")).toHaveLength(SCENARIOS.size);
    expect(() => chosen("honest")).toThrow("there is no scenario 'honest', there are: lying-executor ");
  });

  it("book a slash for two acts with the reporter's fifth", () => {
    const slash = { execution: "1", runner: "4", offence: "equivocation", amount: "1001" };
    const account = accountOf(item("slashed", slash), ended({ burn: "801" }));
    expect(account.rows()).toContainEqual(["bob (reporter)", 200n]);
    expect(account.sum()).toBe(0n);
  });

  it("book a challenge, and jurors that the service bond pays", () => {
    const account = accountOf(
      item("challenged", { execution: "1", challenger: "carol", bond: "500" }),
      item("challenge_closed", { execution: "1", right: "true", amount: "450" }),
      item("paid", { execution: "1", runner: "3", amount: "80" }),
      ended({ service_bond: "30" }),
    );
    expect(account.rows()).toContainEqual(["carol (challenger)", -50n]);
    expect(account.rows()).toContainEqual(["service bond", -30n]);
    expect(account.sum()).toBe(0n);
  });

  it("notice a coin that is missing", () => {
    const account = accountOf(item("requested", { escrow: "10" }), ended({ user: "9" }));
    expect(account.sum()).toBe(-1n);
  });
});
