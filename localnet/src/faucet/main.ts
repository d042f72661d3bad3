/**
 * `main.ts --port N --rpc URL --accounts test-accounts.json [--cooldown SECONDS]`: the local network's faucet. It speaks the
 * protocol of @cosmjs/faucet, so that its clients work here too:
 *   GET  /status   who pays, with what, on which chain
 *   POST /credit   {"address": "wasm1…", "denom": "ucosm"}
 */
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { serve, type Reply } from "../http.js";
import { numberOption } from "../options.js";
import { CoolDown, readCredit } from "./credit.js";
import { Purse } from "./purse.js";

const PREFIX = "wasm";
const DENOM = "ucosm";
const CREDIT = { denom: DENOM, amount: "100000000" };

const { values } = parseArgs({
  options: {
    port: { type: "string" },
    rpc: { type: "string" },
    accounts: { type: "string" },
    cooldown: { type: "string", default: "5" },
  },
});
const { rpc, accounts } = values;
if (rpc === undefined || accounts === undefined) throw new Error("--rpc and --accounts are needed");

const purse = await Purse.open({ rpc, mnemonic: faucetMnemonic(accounts), prefix: PREFIX, gasPrice: `0.025${DENOM}` });
const chainId = await purse.chainId();
const coolDown = new CoolDown(numberOption("cooldown", values.cooldown, 0, 86_400) * 1000);
await serve(numberOption("port", values.port, 1, 65535), (method, path, body) => {
  if (method === "GET" && path === "/status") return status();
  if (method === "POST" && path === "/credit") return credit(body);
  if (method === "GET" && path === "/")
    return { status: 200, body: "Faucet of the local network: POST /credit, GET /status\n" };
  return { status: 404, body: `No such path: ${method} ${path}` };
});
console.log(JSON.stringify({ message: "faucet is up", chain_id: chainId, holder: purse.address }));

async function status(): Promise<Reply> {
  const balance = await purse.balance(DENOM);
  return {
    status: 200,
    body: {
      status: "ok",
      nodeUrl: rpc,
      chainId,
      chainTokens: [DENOM],
      availableTokens: [DENOM],
      holder: { address: purse.address, balances: [balance] },
      distributors: [],
    },
  };
}

async function credit(body: string): Promise<Reply> {
  let address: string;
  try {
    ({ address } = readCredit(body, PREFIX, [DENOM]));
  } catch (error) {
    return { status: 400, body: (error as Error).message };
  }
  const wait = coolDown.remaining(address, Date.now());
  if (wait > 0) {
    const seconds = Math.ceil(wait / 1000).toString();
    return { status: 429, body: `Too many requests for the same address. Please wait ${seconds} s.` };
  }
  // Started before the first await, so that two requests at once do not both pass.
  coolDown.start(address, Date.now());
  try {
    const hash = await purse.credit(address, CREDIT);
    console.log(JSON.stringify({ message: "credited", address, ...CREDIT, hash }));
    return { status: 200, body: "ok" };
  } catch (error) {
    coolDown.cancel(address);
    console.error(error);
    return { status: 500, body: "Sending tokens failed" };
  }
}

function faucetMnemonic(path: string): string {
  const file = JSON.parse(readFileSync(path, "utf8")) as { accounts: { name: string; mnemonic: string }[] };
  const account = file.accounts.find(({ name }) => name === "faucet");
  if (account === undefined) throw new Error(`${path} has no account named faucet`);
  return account.mnemonic;
}
