/** `mesg balance`, `transfer`, `deposit`, `withdraw` and `claim` */
import type { Command } from "commander";
import { attribute, contractEvents, Failure, parseAmount } from "../../client/index.js";
import { collect, id, integer } from "../fields.js";
import { resolveAddress } from "../keys.js";
import { table } from "../output.js";
import type { Runner } from "../program.js";
import { versionsOf } from "../service/lookup.js";
import type { Session } from "../session.js";
import { ownRunners } from "./runner.js";

const sub = integer(0, 0xffff_ffff);

export function addPurse(program: Command, run: Runner): void {
  program
    .command("balance")
    .description("tokens, purse in the market and coins for gas of an account")
    .argument("[address]", "whose; the key's if absent")
    .action(
      run<[string | undefined]>(async (session, text) => {
        const own = text === undefined ? await session.ownAddress() : resolveAddress(text, session.network.chain);
        if (own === undefined) throw new Failure("whose balance: name an address, or a key", "usage");
        await showBalance(session, own);
      }),
    );
  program
    .command("transfer")
    .description("sends tokens to another account")
    .argument("<address>", "the receiver")
    .argument("<amount>", "tokens, such as 250.5")
    .action(
      run<[string, string]>(async (session, to, text) => {
        const amount = parseAmount("amount", text, await session.unit());
        const recipient = resolveAddress(to, session.network.chain);
        const sender = await session.sender();
        const message = sender.execute("token", { transfer: { recipient, amount: amount.toString() } });
        const { tx } = await session.send(`sending ${await session.amount(amount)}`, [message]);
        const data = { amount: amount.toString(), recipient, tx };
        session.output.result(`${await session.amount(amount)} sent to ${recipient} in ${tx}`, data);
      }),
    );
  program
    .command("deposit")
    .description("puts tokens into a purse in the market")
    .argument("<amount>", "tokens, such as 250.5")
    .option("--account <address>", "whose purse; the key's if absent")
    .option("--sub <n>", "sub-account", sub, 0)
    .action(
      run<[string, { account?: string; sub: number }]>(async (session, text, options) => {
        const amount = parseAmount("amount", text, await session.unit());
        const sender = await session.sender();
        const account =
          options.account === undefined ? undefined : resolveAddress(options.account, session.network.chain);
        const hook = { deposit: { sub: options.sub, ...(account === undefined ? {} : { account }) } };
        const { tx } = await session.send("depositing", [sender.sendTokens("execution-market", amount, hook)]);
        await showBalance(session, account ?? sender.address, tx);
      }),
    );
  program
    .command("withdraw")
    .description("takes tokens out of the key's purse in the market")
    .argument("[amount]", "tokens, such as 250.5; all if absent")
    .option("--to <address>", "receiver; the key's account if absent")
    .option("--sub <n>", "sub-account", sub, 0)
    .action(
      run<[string | undefined, { to?: string; sub: number }]>(async (session, text, options) => {
        const amount = text === undefined ? undefined : parseAmount("amount", text, await session.unit()).toString();
        const to = options.to === undefined ? undefined : resolveAddress(options.to, session.network.chain);
        const sender = await session.sender();
        const args = {
          sub: options.sub,
          ...(amount === undefined ? {} : { amount }),
          ...(to === undefined ? {} : { to }),
        };
        const { tx, events } = await session.send("withdrawing", [
          sender.execute("execution-market", { withdraw: args }),
        ]);
        const market = sender.connection.address("execution-market");
        const paid = attribute(events, "market", market, "withdrawn", "amount");
        const receiver = attribute(events, "market", market, "withdrawn", "to");
        const data = { amount: paid, to: receiver, tx };
        session.output.result(`${await session.amount(paid)} paid to ${receiver} in ${tx}`, data);
      }),
    );
  program
    .command("claim")
    .description("moves what the key's runners and services have earned into its purse")
    .option("--runner <id>", "only this runner; may be repeated", collect(id))
    .option("--service-version <id>", "only this version; may be repeated", collect(id))
    .action(run<[{ runner?: number[]; serviceVersion?: number[] }]>(claim));
}

/** Runners or versions of one `Claim` at most. */
const CLAIM_ITEMS = 32;

async function claim(session: Session, options: { runner?: number[]; serviceVersion?: number[] }): Promise<void> {
  const named = options.runner !== undefined || options.serviceVersion !== undefined;
  const runners = options.runner ?? (named ? [] : (await ownRunners(session)).map(({ runner }) => runner));
  const versions = options.serviceVersion ?? (named ? [] : await ownVersions(session));
  const sender = await session.sender();
  const claims = [];
  for (let from = 0; from < Math.max(runners.length, versions.length); from += CLAIM_ITEMS) {
    const slice = <T>(all: T[]): T[] => all.slice(from, from + CLAIM_ITEMS);
    claims.push(sender.execute("execution-market", { claim: { runners: slice(runners), versions: slice(versions) } }));
  }
  if (claims.length === 0) throw new Failure(`${sender.address} owns no runner and no service`);
  const { tx, events } = await session.send("claiming", claims);
  const market = sender.connection.address("execution-market");
  const claimed = contractEvents(events, "market", market).filter(({ name }) => name.endsWith("_claimed"));
  const total = claimed.reduce((sum, { attributes }) => sum + BigInt(attributes.amount ?? 0), 0n);
  const data = { amount: total.toString(), claimed: claimed.map(({ attributes }) => attributes), tx };
  session.output.result(`${await session.amount(total)} claimed into the purse in ${tx}`, data);
}

async function ownVersions(session: Session): Promise<number[]> {
  const connection = await session.connect();
  const { address: owner } = await session.wallet();
  const numbers: number[] = [];
  let start_after: number | null = null;
  for (;;) {
    const page: { services: { service: number }[] } = await connection.query("registry", "services_by_owner", {
      owner,
      start_after,
      limit: 50,
    });
    for (const { service } of page.services) {
      numbers.push(...(await versionsOf(connection, service)).map(({ version }) => version));
      start_after = service;
    }
    if (page.services.length < 50) return numbers;
  }
}

async function showBalance(session: Session, address: string, tx?: string): Promise<void> {
  const connection = await session.connect();
  const [fee] = session.network.chain.fees.fee_tokens;
  const [token, purse, coin] = await Promise.all([
    connection.query("token", "balance", { address }),
    connection.query("execution-market", "purse", { account: address }),
    connection.client.getBalance(address, fee?.denom ?? ""),
  ]);
  const rows = [
    ["account", address],
    ["tokens", await session.amount(token.balance)],
    ["purse", `${await session.amount(purse.balance)}, ${purse.open.toString()} executions open`],
    ["gas", `${coin.amount} ${coin.denom}`],
  ] as const;
  session.output.result(table(rows), {
    address,
    token: token.balance,
    purse: purse.balance,
    open: purse.open,
    native: coin,
    ...(tx === undefined ? {} : { tx }),
  });
}
