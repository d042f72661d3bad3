/** The published test accounts, by name. */
import { readFileSync } from "node:fs";

export interface TestAccount {
  readonly name: string;
  readonly role: string;
  readonly address: string;
  readonly coins: readonly { readonly denom: string; readonly amount: string }[];
  readonly mnemonic: string;
}

const file = JSON.parse(readFileSync(new URL("../test-accounts.json", import.meta.url), "utf8")) as {
  notice: string;
  accounts: TestAccount[];
};

export const { notice, accounts } = file;

export function account(name: string): TestAccount {
  const found = accounts.find((one) => one.name === name);
  if (found === undefined) throw new Error(`there is no test account named ${name}`);
  return found;
}
