/** The demo that tools/demo runs once a node and a beacon are up. */
import { join } from "node:path";
import { attribute, Connection, Failure, follow, formatAmount, Sender, type TimelineItem } from "../client/index.js";
import { prepareInput } from "../cli/input.js";
import { testAccount, walletOf } from "../cli/keys.js";
import { loadNetwork } from "../cli/networks.js";
import { Account } from "./account.js";
import { Agent, SERVICES, type AgentRoles, type Place } from "./agents.js";
import {
  bondRunners,
  command,
  findTask,
  OPERATORS,
  ownersOf,
  PER_OPERATOR,
  RUNNERS,
  untilPoolIsReady,
  type Operators,
} from "./market.js";
import { line } from "./timeline.js";

const SERVICE = join(SERVICES, "csv-report");
const DATA = join(SERVICE, "data", "penguins-sample.csv");
const PHASES = { from: 0, pollMs: 150, stalledMs: 60_000 };

function env(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Failure(`${name} is not set: run make demo`);
  return value;
}

function title(text: string): void {
  process.stdout.write(`\n== ${text}\n`);
}

class Demo {
  readonly #connection: Connection;
  readonly #alice: Sender;
  readonly #agents: Map<number, Agent>;
  #relay: Agent;
  readonly #account = new Account((kind, id) => this.#name(kind, id));
  readonly #names: Map<string, string>;
  readonly #unit = { symbol: "MESG", decimals: 6 };

  private constructor(
    connection: Connection,
    alice: Sender,
    private readonly place: Place,
    private readonly operators: Operators,
  ) {
    const { chain } = connection.network;
    this.#connection = connection;
    this.#alice = alice;
    this.#agents = new Map(OPERATORS.map((number) => [number, this.#worker(number)]));
    this.#relay = this.#startRelay();
    this.#names = new Map(
      ["alice", "relay", ...OPERATORS.map((number) => `operator${number.toString()}`)].map((name) => [
        testAccount(name, chain).address,
        name,
      ]),
    );
  }

  static async open(place: Place, connection: Connection, operators: Operators): Promise<Demo> {
    const { chain } = connection.network;
    const wallet = await walletOf(testAccount("alice", chain).mnemonic, chain);
    return new Demo(connection, await Sender.open(connection, wallet.signer), place, operators);
  }

  #start(name: string, roles: AgentRoles): Agent {
    return Agent.start(this.place, name, testAccount(name, this.#connection.network.chain).mnemonic, roles);
  }

  #worker(number: number): Agent {
    const { chain } = this.#connection.network;
    const owners = ownersOf(number).map((owner) => testAccount(owner, chain).address);
    return this.#start(`operator${number.toString()}`, { owners, relay: false });
  }

  #startRelay(): Agent {
    return this.#start("relay", { owners: [], relay: true });
  }

  /** Starts again what the demo has ended, for those who go on with it. */
  restart(): void {
    this.#relay = this.#startRelay();
    for (const number of OPERATORS) if (!this.#agents.has(number)) this.#agents.set(number, this.#worker(number));
  }

  #name(kind: "runner" | "address", id: string): string {
    return kind === "runner" ? `runner ${id}` : (this.#names.get(id) ?? id);
  }

  /** Requests an execution; gives its id and the block. */
  async #request(): Promise<{ execution: string; height: number }> {
    const { task, terms } = await findTask(this.#connection, "csv-report", "report");
    const { input, length } = prepareInput(task, { text: [["csv", DATA]] }, this.#connection.network.chain);
    const { escrow } = await this.#connection.query("execution-market", "quote", { terms, input_len: length });
    const item = { terms, input, max_fee: escrow };
    const sent = await this.#alice.send([this.#alice.execute("execution-market", { request: { items: [item] } })]);
    const market = this.#connection.address("execution-market");
    return { execution: attribute(sent.events, "market", market, "requested", "execution"), height: sent.height };
  }

  /** Follows an execution to its end; `on` sees each item first. */
  async #follow(
    { execution, height }: { execution: string; height: number },
    on: (item: TimelineItem) => void = () => undefined,
  ): Promise<TimelineItem> {
    let last: TimelineItem | undefined;
    for await (const item of follow(this.#connection, execution, { ...PHASES, from: height })) {
      on(item);
      this.#account.book(item);
      process.stdout.write(`${line(item, this.#unit, (kind, id) => this.#name(kind, id))}\n`);
      last = item;
    }
    if (last === undefined) throw new Failure(`execution ${execution} was never seen`);
    return last;
  }

  async #expect(run: Promise<TimelineItem>, outcome: string, reason = ""): Promise<void> {
    const { attributes } = await run;
    if (attributes.outcome !== outcome || (attributes.reason ?? "") !== reason) {
      throw new Failure(
        `execution ${attributes.execution ?? ""} ended ${attributes.outcome ?? ""} ${attributes.reason ?? ""}, expected ${outcome} ${reason}`,
      );
    }
  }

  /** Everything goes well. */
  async first(): Promise<void> {
    title("Execution 1: a report on a real data set, everybody honest");
    await this.#expect(this.#follow(await this.#request()), "finalized");
  }

  /** The agent of one seat is killed; its seat is refilled. Meanwhile the beacon relay stops: nobody is seated. */
  async secondAndThird(): Promise<void> {
    title("Execution 2: the agent of one seat is killed once it is seated");
    const requested = await this.#request();
    // Held until the committee is known, so that the killed one has certainly not sealed.
    for (const agent of this.#agents.values()) agent.hold(true);
    let seated: (() => void) | undefined;
    const isSeated = new Promise<void>((resolve) => (seated = resolve));
    const seen = new Set<string>();
    const second = this.#follow(requested, (item) => {
      seen.add(item.name);
      if (item.name !== "seated") return;
      this.#killOne(item);
      for (const agent of this.#agents.values()) agent.hold(false);
      seated?.();
    });
    await Promise.race([isSeated, second]);
    title("Execution 3, meanwhile: the beacon relay is stopped, so nobody can be seated");
    await this.#relay.stop();
    const third = this.#follow(await this.#request());
    await Promise.all([this.#expect(second, "finalized"), this.#expect(third, "refunded", "NoBeacon")]);
    if (!seen.has("slashed") || !seen.has("refilled")) throw new Failure("the killed agent's seat was not refilled");
  }

  /** Kills the process that was drawn least often, if it leaves spares enough. */
  #killOne({ attributes }: TimelineItem): void {
    const operators = (text: string | undefined) =>
      (text ?? "").split(",").map((id) => this.operators.get(Number(id)) ?? 0);
    const [seats, spares] = [operators(attributes.seats), operators(attributes.spares)];
    const count = (list: number[], operator: number) => list.filter((one) => one === operator).length;
    // Its other runner among the spares would only miss, too.
    const drawn = (operator: number) => count(seats, operator) + count(spares, operator);
    const fits = [...new Set(seats)]
      .filter((operator) => count(seats, operator) <= spares.length - count(spares, operator))
      .sort((left, right) => drawn(left) - drawn(right));
    const [chosen] = fits;
    const agent = chosen === undefined ? undefined : this.#agents.get(chosen);
    if (chosen === undefined || agent === undefined)
      throw new Failure("no agent can be killed without losing the execution");
    agent.kill();
    this.#agents.delete(chosen);
    process.stdout.write(`          ---- killed ${agent.name}, the process of runners ${this.#runnersOf(chosen)}\n`);
  }

  #runnersOf(operator: number): string {
    const of = [...this.operators].filter(([, one]) => one === operator);
    return of.map(([id]) => id.toString()).join(" and ");
  }

  /** What everybody paid and earned; fails if it is not zero. */
  table(): void {
    title("What everybody paid and earned");
    for (const [party, change] of this.#account.rows()) {
      process.stdout.write(`${party.padEnd(28)} ${formatAmount(change, this.#unit).padStart(22)}\n`);
    }
    const sum = this.#account.sum();
    process.stdout.write(`${"sum".padEnd(28)} ${formatAmount(sum, this.#unit).padStart(22)}\n`);
    if (sum !== 0n) throw new Failure("the table does not sum to zero");
  }

  async ledger(): Promise<void> {
    const ledger = await this.#connection.query("execution-market", "ledger", {});
    const held = (Object.values(ledger) as string[]).reduce((sum, bucket) => sum + BigInt(bucket), 0n);
    const address = this.#connection.address("execution-market");
    const { balance } = await this.#connection.query("token", "balance", { address });
    process.stdout.write(
      `\nThe market holds ${formatAmount(balance, this.#unit)}; its ledger says ${formatAmount(held, this.#unit)}.\n`,
    );
    if (held !== BigInt(balance)) throw new Failure("ledger and balance of the market differ");
  }
}

async function run(): Promise<void> {
  const choice = { network: env("MESG_NETWORK"), node: env("MESG_NODE"), deployment: env("MESG_DEPLOYMENT") };
  const beacon = env("DEMO_BEACON");
  title("Deploying token, registry, staking and execution-market");
  await command("deploy", "--key", "deployer", "--beacon", beacon);
  title("Publishing a real service");
  await command("service", "publish", join(SERVICE, "service.yaml"), "--key", "dev1", "--t-challenge", "10");
  title(
    `Bonding ${RUNNERS.toString()} runners of different owners and starting their agents, ${PER_OPERATOR.toString()} a process`,
  );
  const operators = await bondRunners(choice, "csv-report");
  const connection = await Connection.open(loadNetwork(choice));
  const { latest } = await connection.query("registry", "service_by_sid", { sid: "csv-report" });
  const place: Place = {
    directory: join(env("DEMO_HOME"), "agents"),
    binary: env("DEMO_AGENT"),
    chainId: connection.network.chain.chain_id,
    rpc: connection.network.rpc,
    market: connection.address("execution-market"),
    beacon,
    services: SERVICES,
  };
  const demo = await Demo.open(place, connection, operators);
  await command("deposit", "100", "--key", "alice");
  process.stdout.write("Waiting for the epoch from which the runners have weight\n");
  await untilPoolIsReady(connection, latest ?? 0);
  await demo.first();
  await demo.secondAndThird();
  demo.table();
  await demo.ledger();
  if (process.env.KEEP === "1") {
    demo.restart();
    addresses(connection, beacon);
  }
  connection.close();
}

/** Where everything is that is left running. */
function addresses(connection: Connection, beacon: string): void {
  title("Addresses");
  for (const contract of ["token", "registry", "staking", "execution-market"] as const) {
    process.stdout.write(`${contract.padEnd(17)} ${connection.address(contract)}\n`);
  }
  process.stdout.write(`${"node".padEnd(17)} ${connection.network.rpc}\n${"beacon".padEnd(17)} ${beacon}\n`);
}

try {
  await run();
  process.exit(0);
} catch (error) {
  process.stderr.write(`demo: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
