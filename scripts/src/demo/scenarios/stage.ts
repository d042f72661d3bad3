/** The stage of the scenarios: a market, one service, and 36 runners that one runner-agent hosts. */
import { toBase64 } from "@cosmjs/encoding";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  attribute,
  Connection,
  contractEvents,
  Failure,
  Sender,
  type ExecuteMsg,
  type Sent,
} from "../../client/index.js";
import { testAccount, walletOf } from "../../cli/keys.js";
import { loadNetwork, ROOT, type NetworkChoice } from "../../cli/networks.js";
import { requireService, versionsOf } from "../../cli/service/lookup.js";
import { Agent, SERVICES, type Byzantine, type Place } from "../agents.js";
import { attestationPair, command, pause, untilPoolIsReady } from "../market.js";
import type { Scenario } from "./scenario.js";

const SID = "disputed";
/** Tasks of its two versions, csv-report's and assignment's. */
export type TaskName = "report" | "group" | "solve";
const STAKE = 100_000_000n;

/** Owners of test accounts, and how many runners each of them has; 3 → 5 → 11 needs a pool of 22. */
const OWNERS = Array.from({ length: 12 }, (_, index) => `owner${(index + 1).toString()}`);
const PER_OWNER = 3;
export const RUNNERS = OWNERS.length * PER_OWNER;
/** Whose agent hosts all of them. */
const OPERATOR = "operator1";

/** Seconds that let a scenario be watched; everything else is as in networks/local. */
const WINDOWS = {
  staking: { epoch_secs: 32 },
  market: { t_queue: 20, t_open: 12, t_publish: 12, work_slack: 28 },
};
/** Seats that are not so much younger than its journal are not declined by an agent. */
const JOURNAL_MARGIN_MS = 30_000;

interface Built {
  readonly connection: Connection;
  readonly place: Place;
  readonly service: number;
  readonly terms: Readonly<Record<TaskName, number>>;
  readonly alice: Sender;
  readonly exchange: number;
}

export class Stage {
  readonly connection: Connection;
  readonly service: number;
  /** The tasks' rows of terms. */
  readonly terms: Readonly<Record<TaskName, number>>;
  #agent: Agent;
  readonly #since = Date.now();

  private constructor(private readonly built: Built) {
    ({ connection: this.connection, service: this.service, terms: this.terms } = built);
    this.#agent = this.#start(undefined);
  }

  /** Deploys everything, bonds the runners, starts their agent, and waits until they can be drawn. */
  static async build(choice: NetworkChoice, beacon: string, directory: string, binary: string): Promise<Stage> {
    const params = join(directory, "params.json");
    writeFileSync(params, shortened(readFileSync(join(ROOT, "networks", "local", "params.json"), "utf8")));
    await command("deploy", "--key", "deployer", "--beacon", beacon, "--params", params);
    for (const policy of ["replicate", "verify"]) {
      const file = fileURLToPath(new URL(`./service-${policy}.yaml`, import.meta.url));
      await command("service", "publish", file, "--key", "dev1");
    }
    const connection = await Connection.open(loadNetwork(choice));
    const { service } = await requireService(connection, SID);
    const versions = await versionsOf(connection, service);
    const [report = 0, group = 0, solve = 0] = versions.flatMap(({ terms }) => terms);
    const numbers = versions.map(({ version }) => version);
    const exchange = await freePort();
    await bondRunners(connection, { service, versions: numbers, endpoint: `http://127.0.0.1:${exchange.toString()}` });
    await command("deposit", "100", "--key", "alice");
    await command("deposit", "100", "--key", "bob");
    const alice = await senderOf(connection, "alice");
    const place = placeOf(connection, beacon, directory, binary);
    const terms = { report, group, solve };
    const stage = new Stage({ connection, place, service, terms, alice, exchange });
    process.stdout.write(`Waiting for the epoch from which ${RUNNERS.toString()} runners have weight\n`);
    for (const version of numbers) await untilPoolIsReady(connection, version, RUNNERS);
    return stage;
  }

  /** Starts the agent again with the seats that misbehave in a scenario. Its journal stays. */
  async cast({ byzantine }: Scenario): Promise<void> {
    await this.#agent.stop();
    this.#agent = this.#start(byzantine);
  }

  #start(byzantine: Byzantine | undefined): Agent {
    const { connection, place, exchange } = this.built;
    const { chain } = connection.network;
    const owners = OWNERS.map((owner) => testAccount(owner, chain).address);
    const roles = { owners, relay: true, accounts: RUNNERS, exchange, byzantine };
    return Agent.start(place, OPERATOR, testAccount(OPERATOR, chain).mnemonic, roles);
  }

  /** Ends the agent. */
  async close(): Promise<void> {
    await this.#agent.stop();
    this.connection.close();
  }

  /** Waits until the agent may decline seats that are drawn from now on. */
  async untilJournalIsTrusted(): Promise<void> {
    await pause(Math.max(0, this.#since + JOURNAL_MARGIN_MS - Date.now()));
  }

  /** Alice sends one message to the market; fails if an item of it is refused. */
  async send(message: ExecuteMsg<"execution-market">): Promise<Sent> {
    const { alice } = this.built;
    const sent = await alice.send([alice.execute("execution-market", message)]);
    const market = this.connection.address("execution-market");
    const refused = contractEvents(sent.events, "market", market).find(({ name }) => name === "item_refused");
    if (refused !== undefined) throw new Failure(`an act was refused: ${refused.attributes.code ?? ""}`);
    return sent;
  }

  /** A name for an address of a test account. */
  nameOf(address: string): string {
    const { chain } = this.connection.network;
    if (testAccount(OPERATOR, chain).address === address) return "agent";
    return ["alice", "bob"].find((name) => testAccount(name, chain).address === address) ?? address;
  }

  /** Registers a runner that alice owns and that nobody starts. */
  async registerIdle(): Promise<number> {
    const { chain } = this.connection.network;
    const { alice } = this.built;
    const { publicKey } = await attestationPair(testAccount("alice", chain).mnemonic, 0);
    const attestation_key = toBase64(publicKey);
    const register_runner = { service: this.service, operator: alice.address, attestation_key, endpoint: "" };
    const { events } = await alice.send([alice.execute("staking", { register_runner })]);
    return Number(attribute(events, "staking", this.connection.address("staking"), "runner_registered", "runner"));
  }
}

function placeOf(connection: Connection, beacon: string, directory: string, binary: string): Place {
  const { network } = connection;
  return {
    directory: join(directory, "agents"),
    binary,
    chainId: network.chain.chain_id,
    rpc: network.rpc,
    market: connection.address("execution-market"),
    beacon,
    services: SERVICES,
  };
}

async function senderOf(connection: Connection, name: string): Promise<Sender> {
  const { chain } = connection.network;
  return Sender.open(connection, (await walletOf(testAccount(name, chain).mnemonic, chain)).signer);
}

/** A port that nobody listens at now. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => {
        resolve(port);
      });
    });
  });
}

/** What runners are registered for. */
interface Pool {
  readonly service: number;
  readonly versions: readonly number[];
  readonly endpoint: string;
}

async function bondRunners(connection: Connection, pool: Pool): Promise<void> {
  await Promise.all(OWNERS.map((owner, index) => bondOf(connection, owner, index, pool)));
}

/** Registers, bonds and opts in all runners of one owner in two transactions. */
async function bondOf(
  connection: Connection,
  owner: string,
  index: number,
  { service, versions, endpoint }: Pool,
): Promise<void> {
  const sender = await senderOf(connection, owner);
  const operator = testAccount(OPERATOR, connection.network.chain);
  const accounts = Array.from({ length: PER_OWNER }, (_, position) => index * PER_OWNER + position);
  const keys = await Promise.all(accounts.map((account) => attestationPair(operator.mnemonic, account)));
  const { events } = await sender.send(
    keys.map(({ publicKey }) => {
      const attestation_key = toBase64(publicKey);
      const register_runner = { service, operator: operator.address, attestation_key, endpoint };
      return sender.execute("staking", { register_runner });
    }),
  );
  const runners = contractEvents(events, "staking", connection.address("staking"))
    .filter(({ name }) => name === "runner_registered")
    .map(({ attributes }) => Number(attributes.runner));
  await sender.send(
    runners.flatMap((runner) => [
      sender.sendTokens("staking", STAKE, { bond: { runner } }),
      ...versions.map((version) => sender.execute("staking", { opt_in: { runner, version } })),
    ]),
  );
}

function shortened(text: string): string {
  const params = JSON.parse(text) as { staking: object; market: object };
  const staking = { ...params.staking, ...WINDOWS.staking };
  return JSON.stringify({ ...params, staking, market: { ...params.market, ...WINDOWS.market } });
}
