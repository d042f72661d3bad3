/** The command line: its commands, its options, and what happens to their errors. */
import { Command, CommanderError } from "commander";
import { sentence, Failure } from "../client/index.js";
import { addChallenge } from "./commands/challenge.js";
import { addDeploy } from "./commands/deploy.js";
import { addExecution } from "./commands/execution.js";
import { addGovernance } from "./commands/governance.js";
import { addKey } from "./commands/key.js";
import { addProducer } from "./commands/producer.js";
import { addPurse } from "./commands/purse.js";
import { addRun } from "./commands/run.js";
import { addRunner } from "./commands/runner.js";
import { addService } from "./commands/service.js";
import { Output } from "./output.js";
import { Session, type GlobalOptions } from "./session.js";

/** Where the output goes. */
export interface Streams {
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
}

/** Makes a commander action of `body`, which gets the session and the action's arguments and options. */
export type Runner = <A extends unknown[]>(body: Body<A>) => (...args: unknown[]) => Promise<void>;
type Body<A extends unknown[]> = (session: Session, ...args: A) => Promise<void> | void;

/** Exit codes. */
const REFUSED = 1;
const USAGE = 2;

/** Runs the command line with these arguments (without "node" and "mesg") and gives its exit code. */
export async function main(args: readonly string[], streams: Streams): Promise<number> {
  // Known before parsing, so that errors of parsing are in JSON too.
  const output = new Output(args.includes("--json"), streams.stdout, streams.stderr);
  const program = programFor(output, streams);
  try {
    await program.parseAsync(args, { from: "user" });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : usage(output, error);
    output.failure(sentence(error));
    return error instanceof Failure && error.kind === "usage" ? USAGE : REFUSED;
  }
}

function usage(output: Output, error: CommanderError): number {
  // Help that nobody asked for has been printed already.
  if (error.code !== "commander.help") output.failure(error.message.replace(/^error: /, ""));
  return USAGE;
}

function programFor(output: Output, { stdout, stderr }: Streams): Command {
  const program = new Command("mesg")
    .description("MESG Market: deploy, publish services, run them, and run runners")
    .version("0.2.0")
    .option(
      "--network <name>",
      "name under networks/, or a directory with a chain.json",
      process.env.MESG_NETWORK ?? "local",
    )
    .option("--node <url>", "the node's RPC, instead of that of chain.json", process.env.MESG_NODE)
    .option("--deployment <file>", "instead of the network's deployment.json", process.env.MESG_DEPLOYMENT)
    .option("--key <name>", "a published test account; on local networks only")
    .option("--key-file <file>", "an encrypted key, made by `mesg key save`; MESG_PASSPHRASE or the terminal opens it")
    .option("--yes-mainnet", "allows transactions on a main network")
    .option("--json", "one JSON object a line on stdout");
  const configured = program
    .exitOverride()
    .showSuggestionAfterError(false)
    .configureOutput({
      writeOut: stdout,
      // Errors are reported once, by main.
      writeErr: (text) => {
        if (!text.startsWith("error: ")) stderr(text);
      },
    });
  const run: Runner =
    <A extends unknown[]>(body: Body<A>) =>
    async (...args: unknown[]) => {
      // Commander passes the arguments, the options and the command.
      const command = args.at(-1) as Command;
      const session = new Session(command.optsWithGlobals<GlobalOptions>(), output);
      try {
        await body(session, ...(args.slice(0, -1) as A));
      } finally {
        await session.close();
      }
    };
  for (const add of [
    addDeploy,
    addService,
    addRunner,
    addRun,
    addExecution,
    addChallenge,
    addPurse,
    addProducer,
    addGovernance,
    addKey,
  ])
    add(configured, run);
  return configured;
}
