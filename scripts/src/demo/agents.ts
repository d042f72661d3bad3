/** The processes of the demo: runner-agents with their configuration, journal and log each in a directory of its own. */
import { spawn, type ChildProcess } from "node:child_process";
import { mkdirSync, openSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Where everything is. */
export interface Place {
  /** Directory for configurations, journals, logs and pid files. */
  readonly directory: string;
  /** The runner-agent's binary. */
  readonly binary: string;
  readonly chainId: string;
  readonly rpc: string;
  readonly market: string;
  readonly beacon: string;
  /** Directory below which components may be read. */
  readonly services: string;
}

export interface AgentRoles {
  /** Works for the runners of these accounts that name its operator. */
  readonly owners: readonly string[];
  /** Brings beacon rounds and ticks. */
  readonly relay: boolean;
  /** Runners it hosts at most; two if absent. */
  readonly accounts?: number;
  /** Port at which it meets other seats; without one its seals go on chain at once. */
  readonly exchange?: number;
  /** Only for a binary with the feature `byzantine`. */
  readonly byzantine?: Byzantine | undefined;
}

/** Seats that misbehave, by their positions in the draw. */
export interface Byzantine {
  /** Their round; the first if absent. */
  readonly round?: number;
  readonly seats: readonly number[];
  /** As in runner-agent/src/byzantine.rs; a lie is canonical JSON. */
  readonly act: "never_open" | "sign_twice" | "show_another" | { readonly lie: string };
}

/** A running agent. */
export class Agent {
  private constructor(
    readonly name: string,
    private readonly child: ChildProcess,
  ) {}

  /** Starts an agent whose operator's mnemonic goes through the environment. */
  static start(place: Place, name: string, mnemonic: string, roles: AgentRoles): Agent {
    const home = join(place.directory, name);
    mkdirSync(home, { recursive: true });
    const config = join(home, "config.toml");
    writeFileSync(config, configOf(place, roles));
    const log = openSync(join(home, "log.jsonl"), "a");
    const child = spawn(place.binary, ["run", config], {
      stdio: ["ignore", log, log],
      env: {
        PATH: process.env.PATH,
        RUNNER_AGENT_MNEMONIC: mnemonic,
        RUNNER_AGENT_LOG: process.env.RUNNER_AGENT_LOG ?? "info",
      },
      detached: true,
    });
    writeFileSync(join(place.directory, `${name}.pid`), `${String(child.pid)}\n`);
    child.unref();
    return new Agent(name, child);
  }

  /** Holds the process where it is, or lets it go on. */
  hold(held: boolean): void {
    this.child.kill(held ? "SIGSTOP" : "SIGCONT");
  }

  /** Ends the process at once, as a power cut would. */
  kill(): void {
    this.child.kill("SIGKILL");
  }

  /** Asks the process to end and waits until it has. */
  async stop(): Promise<void> {
    if (!this.alive) return;
    // Else nothing may be left that keeps this process waiting.
    this.child.ref();
    const ended = new Promise((resolve) => this.child.once("exit", resolve));
    this.child.kill("SIGTERM");
    await ended;
  }

  get alive(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }
}

function configOf(place: Place, roles: AgentRoles): string {
  const relay = roles.relay ? `\n[roles.relay]\nbeacons = ["${place.beacon}"]\n` : "";
  const exchange =
    roles.exchange === undefined ? "" : `\n[exchange]\nlisten = "127.0.0.1:${roles.exchange.toString()}"\n`;
  const works = roles.owners.length > 0;
  return `data_dir = "data"
runners = { owners = ${JSON.stringify(roles.owners)} }

[chain]
id = "${place.chainId}"
endpoints = ["${place.rpc}"]
prefix = "wasm"
market = "${place.market}"
gas_price = "0.025ucosm"
max_gas_price = "0.1ucosm"
poll_ms = 250

[operator]
mnemonic = { env = "RUNNER_AGENT_MNEMONIC" }

[attestation]
accounts = ${(roles.accounts ?? 2).toString()}

[roles]
execute = ${String(works)}
crank = ${String(works)}
tick = ${String(roles.relay)}
turns = 1
${relay}
[work]
allow_private_addresses = true
file_roots = ["${place.services}"]
${exchange}${byzantineOf(roles.byzantine)}`;
}

/** JSON's strings are TOML's too. */
function byzantineOf(byzantine: Byzantine | undefined): string {
  if (byzantine === undefined) return "";
  const { round = 1, seats, act } = byzantine;
  const done = typeof act === "string" ? JSON.stringify(act) : `{ lie = ${JSON.stringify(act.lie)} }`;
  return `\n[byzantine]\nround = ${round.toString()}\nseats = ${JSON.stringify(seats)}\nact = ${done}\n`;
}

/** The checkout's services. */
export const SERVICES = fileURLToPath(new URL("../../../services/", import.meta.url));
