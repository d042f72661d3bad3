/** The stage of the scenarios: a market, one service, and runners whose seats are scripted in this process. */
import { toBase64 } from "@cosmjs/encoding";
import { readFileSync, writeFileSync } from "node:fs";
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
import { attestationPair, command, untilPoolIsReady } from "../market.js";

/** Two versions of one service, by how their results are checked. */
const POLICIES = ["replicate", "verify"] as const;
export type PolicyName = (typeof POLICIES)[number];
const SID = "disputed-report";
const STAKE = 100_000_000n;

/** Owners of test accounts, and how many runners each of them has. 3 → 5 → 11 needs a pool of 22. */
const OWNERS = 12;
const PER_OWNER = 2;

/** Seconds that let a scenario be watched; everything else is as in networks/local. */
const WINDOWS = {
  staking: { epoch_secs: 32 },
  market: { t_queue: 20, t_open: 12, t_publish: 12, work_slack: 28 },
};

/** Who asks, doubts, and posts what seats have signed. */
export const ROLES = ["alice", "bob", "relay"] as const;
type Role = (typeof ROLES)[number];

export class Stage {
  private constructor(
    readonly connection: Connection,
    readonly beacon: string,
    readonly service: number,
    /** The task's terms under each policy. */
    readonly terms: Readonly<Record<PolicyName, number>>,
    readonly domain: string,
    /** Attestation secrets by runner. */
    readonly secrets: ReadonlyMap<number, Uint8Array>,
    private readonly senders: Readonly<Record<Role, Sender>>,
  ) {}

  /** Deploys everything, bonds the runners and waits until they can be drawn. */
  static async build(choice: NetworkChoice, beacon: string, directory: string): Promise<Stage> {
    const params = join(directory, "params.json");
    writeFileSync(params, shortened(readFileSync(join(ROOT, "networks", "local", "params.json"), "utf8")));
    await command("deploy", "--key", "deployer", "--beacon", beacon, "--params", params);
    for (const policy of POLICIES) {
      const file = fileURLToPath(new URL(`./service-${policy}.yaml`, import.meta.url));
      await command("service", "publish", file, "--key", "dev1");
    }
    const connection = await Connection.open(loadNetwork(choice));
    const { service } = await requireService(connection, SID);
    const versions = await versionsOf(connection, service);
    const [replicate = 0, verify = 0] = versions.flatMap(({ terms }) => terms);
    const numbers = versions.map(({ version }) => version);
    const secrets = await bondRunners(connection, service, numbers);
    await command("deposit", "100", "--key", "alice");
    await command("deposit", "100", "--key", "bob");
    process.stdout.write(`Waiting for the epoch from which ${secrets.size.toString()} runners have weight\n`);
    for (const version of numbers) await untilPoolIsReady(connection, version, secrets.size);
    const { domain } = await connection.query("execution-market", "config", {});
    const [alice, bob, relay] = await Promise.all(ROLES.map((role) => senderOf(connection, role)));
    if (alice === undefined || bob === undefined || relay === undefined) throw new Failure("a role has no account");
    return new Stage(connection, beacon, service, { replicate, verify }, domain, secrets, { alice, bob, relay });
  }

  sender(role: Role): Sender {
    return this.senders[role];
  }

  /** Sends one message to the market; fails if an item of it is refused. */
  async send(role: Role, message: ExecuteMsg<"execution-market">): Promise<Sent> {
    const sender = this.sender(role);
    const sent = await sender.send([sender.execute("execution-market", message)]);
    const market = this.connection.address("execution-market");
    const refused = contractEvents(sent.events, "market", market).find(({ name }) => name === "item_refused");
    if (refused !== undefined) throw new Failure(`an act was refused: ${refused.attributes.code ?? ""}`);
    return sent;
  }

  /** The secret of a runner's attestation key. */
  secretOf(runner: number): Uint8Array {
    const secret = this.secrets.get(runner);
    if (secret === undefined) throw new Failure(`runner ${runner.toString()} is not of this stage`);
    return secret;
  }

  /** A name for an address of a test account. */
  nameOf(address: string): string {
    const names = [...ROLES, ...owners()];
    return names.find((name) => testAccount(name, this.connection.network.chain).address === address) ?? address;
  }

  /** Registers a runner that alice owns and that nobody starts. */
  async registerIdle(): Promise<number> {
    const { chain } = this.connection.network;
    const alice = this.sender("alice");
    const { publicKey } = await attestationPair(testAccount("alice", chain).mnemonic, 0);
    const attestation_key = toBase64(publicKey);
    const register_runner = { service: this.service, operator: alice.address, attestation_key, endpoint: "" };
    const { events } = await alice.send([alice.execute("staking", { register_runner })]);
    return Number(attribute(events, "staking", this.connection.address("staking"), "runner_registered", "runner"));
  }
}

function owners(): string[] {
  return Array.from({ length: OWNERS }, (_, index) => `owner${(index + 1).toString()}`);
}

async function senderOf(connection: Connection, name: string): Promise<Sender> {
  const { chain } = connection.network;
  return Sender.open(connection, (await walletOf(testAccount(name, chain).mnemonic, chain)).signer);
}

async function bondRunners(
  connection: Connection,
  service: number,
  versions: readonly number[],
): Promise<ReadonlyMap<number, Uint8Array>> {
  const found = await Promise.all(owners().map((owner) => bondOf(connection, owner, service, versions)));
  return new Map(found.flat());
}

/** Registers, bonds and opts in all runners of one owner in two transactions. */
async function bondOf(
  connection: Connection,
  owner: string,
  service: number,
  versions: readonly number[],
): Promise<[number, Uint8Array][]> {
  const sender = await senderOf(connection, owner);
  const { mnemonic } = testAccount(owner, connection.network.chain);
  const accounts = Array.from({ length: PER_OWNER }, (_, account) => account);
  const keys = await Promise.all(accounts.map((account) => attestationPair(mnemonic, account)));
  const { events } = await sender.send(
    keys.map(({ publicKey }) => {
      const attestation_key = toBase64(publicKey);
      const register_runner = { service, operator: sender.address, attestation_key, endpoint: "" };
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
  return runners.map((runner, index) => [runner, keys[index]?.secret ?? new Uint8Array()]);
}

function shortened(text: string): string {
  const params = JSON.parse(text) as { staking: object; market: object };
  const staking = { ...params.staking, ...WINDOWS.staking };
  return JSON.stringify({ ...params, staking, market: { ...params.market, ...WINDOWS.market } });
}
