/** `mesg challenge` */
import type { Command } from "commander";
import { Failure } from "../../client/index.js";
import { confirm } from "../confirm.js";
import { executionId } from "../fields.js";
import { table } from "../output.js";
import type { Runner } from "../program.js";
import type { Session } from "../session.js";
import { watch } from "../watch.js";

interface Options {
  yes?: boolean;
  watch?: boolean;
}

export function addChallenge(program: Command, run: Runner): void {
  program
    .command("challenge")
    .description("doubts a provisional result: a last round decides; the bond is lost if the result was right")
    .argument("<execution>", "its number", executionId)
    .option("--yes", "puts up the bond without asking")
    .option("--watch", "shows what happens until the end")
    .action(run<[string, Options]>(challenge));
}

async function challenge(
  session: Session,
  execution: string,
  { yes = false, watch: follow = false }: Options,
): Promise<void> {
  const connection = await session.connect();
  const found = await connection.query("execution-market", "execution", { execution });
  if (found.phase !== "provisional") {
    throw new Failure(`execution ${execution} is ${found.phase}: only a provisional result can be challenged`);
  }
  const { terms, validators, input } = found;
  // No parameter enters the bond, and a row of terms never changes: what is quoted now is what the contract takes.
  const { challenge_bond } = await connection.query("execution-market", "quote", {
    terms,
    validators,
    input_len: input.len,
  });
  const bond = challenge_bond ?? undefined;
  if (bond === undefined) throw new Failure("the task has no third round: nobody can challenge its results");
  const stake = `The bond is ${await session.amount(bond)}. It returns with a bounty if the result is wrong, and is lost if it is right.`;
  if (!yes) await confirm(stake, "--yes");
  const sender = await session.sender();
  const purse = await connection.query("execution-market", "purse", { account: sender.address });
  const enough = BigInt(purse.balance) >= BigInt(bond);
  const message = enough
    ? sender.execute("execution-market", { challenge: { execution } })
    : sender.sendTokens("execution-market", BigInt(bond), { challenge: { execution } });
  const { tx, height, gas_used } = await session.send(`challenging execution ${execution}`, [message]);
  const paid_from = enough ? "purse" : "account";
  const rows = [
    ["challenged", `execution ${execution} at height ${height.toString()} in ${tx}`],
    ["bond", `${await session.amount(bond)} from the ${paid_from}`],
  ] as const;
  session.output.result(table(rows), { execution, bond, paid_from, tx, height, gas_used });
  if (follow) await watch(session, execution, height);
}
