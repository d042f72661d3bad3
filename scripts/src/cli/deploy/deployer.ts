/**
 * Deploys the contracts in order: token, registry, staking without a market, market; then tells staking and registry their
 * market, once. What is on chain already stays: a code with the same checksum is not stored again, a contract that is alive is not made again.
 */
import { fromUtf8, toUtf8 } from "@cosmjs/encoding";
import { writeFileSync } from "node:fs";
import {
  CONTRACTS,
  Failure,
  GAS_MARGIN,
  type Connection,
  type ContractName,
  type DeployedContract,
  type Deployment,
  type InstantiateMsg,
  type Sender,
} from "../../client/index.js";
import type { Output } from "../output.js";
import { loadArtifact, toolchainOf, type Artifact } from "./artifact.js";
import { knownCodes } from "./codes.js";
import type { DeployParams } from "./params.js";

export interface DeployPlan {
  readonly params: DeployParams;
  readonly beacon: InstantiateMsg<"execution-market">["beacon"];
  /** Directory of the wasm files. */
  readonly artifacts: string;
  /** Where the deployment is written to. */
  readonly file: string;
  /** Tells what would be done and does nothing. */
  readonly dryRun: boolean;
  /** Makes every contract again. */
  readonly fresh: boolean;
}

/** What was done, or would be, for one contract. */
export interface Step {
  readonly contract: ContractName;
  readonly code: "stored" | "known";
  readonly instance: "instantiated" | "alive";
  /** The chain runs another code than the artifact: a migration is due. */
  readonly outdated: boolean;
  readonly gas_used: number;
}

type Contracts = Partial<Record<ContractName, DeployedContract>>;

export class Deployer {
  readonly #done: Contracts = {};
  readonly #steps: Step[] = [];
  /** A contract before this one was made again, so that this one's peers have other addresses. */
  #renewed: boolean;

  constructor(
    private readonly sender: Sender,
    private readonly plan: DeployPlan,
    private readonly output: Output,
  ) {
    this.#renewed = plan.fresh;
  }

  private get connection(): Connection {
    return this.sender.connection;
  }

  async run(): Promise<{ steps: Step[]; contracts: Contracts }> {
    const codes = await knownCodes(this.connection);
    for (const contract of CONTRACTS) {
      const artifact = loadArtifact(this.plan.artifacts, contract);
      const alive = this.#renewed ? undefined : await this.#alive(contract);
      if (alive === undefined) await this.#make(contract, artifact, codes);
      else this.#keep(contract, artifact, alive);
    }
    await this.#wire();
    return { steps: this.#steps, contracts: this.#done };
  }

  /** The contract of the last deployment, if the chain still has it. */
  async #alive(contract: ContractName): Promise<DeployedContract | undefined> {
    const known = this.connection.network.deployment?.contracts[contract];
    if (known === undefined) return undefined;
    const found = await this.connection.client.getContract(known.address).catch(() => undefined);
    const same = found?.codeId === known.code_id && found.label === known.label;
    return same ? known : undefined;
  }

  #keep(contract: ContractName, artifact: Artifact, alive: DeployedContract): void {
    const outdated = alive.checksum !== artifact.checksum;
    this.output.note(
      `${contract}: alive at ${alive.address}${outdated ? ", with another code than the artifact" : ""}`,
    );
    this.#done[contract] = alive;
    this.#steps.push({ contract, code: "known", instance: "alive", outdated, gas_used: 0 });
  }

  /**
   * Who may migrate the contracts, who may propose changes of the market, who may pause it: on networks with value that must be
   * said, whoever it is. The admin has power over all funds.
   */
  #named(role: "admin" | "owner" | "pauser"): string {
    const named = this.plan.params[role];
    const { chain } = this.sender.connection.network;
    if (named === undefined && chain.network_type !== "devnet") {
      throw new Failure(`the parameters must name the ${role}, "" for nobody`);
    }
    return named ?? this.sender.address;
  }

  async #make(contract: ContractName, { wasm, checksum }: Artifact, codes: Map<string, number>): Promise<void> {
    this.#renewed = true;
    const known = codes.get(checksum);
    const code = known === undefined ? "stored" : "known";
    const msg = this.#message(contract);
    if (this.plan.dryRun) {
      const how = known === undefined ? "store the code" : `use code ${known.toString()}`;
      this.output.note(`${contract}: would ${how} (${checksum}) and instantiate it with ${JSON.stringify(msg)}`);
      this.#steps.push({ contract, code, instance: "instantiated", outdated: false, gas_used: 0 });
      return;
    }
    const { address, client } = this.sender;
    const stored = known === undefined ? await client.upload(address, wasm, GAS_MARGIN) : undefined;
    const code_id = stored?.codeId ?? known ?? 0;
    const label = `mesg-${contract}`;
    const admin = this.#named("admin");
    const made = await client.instantiate(address, code_id, msg, label, GAS_MARGIN, admin === "" ? {} : { admin });
    const gas_used = Number(stored?.gasUsed ?? 0n) + Number(made.gasUsed);
    this.#done[contract] = {
      code_id,
      checksum,
      address: made.contractAddress,
      version: await this.#version(made.contractAddress),
      admin,
      label,
      instantiate_height: made.height,
      tx: made.transactionHash,
    };
    this.output.note(`${contract}: code ${code_id.toString()} ${code}, instantiated at ${made.contractAddress}`);
    this.#steps.push({ contract, code, instance: "instantiated", outdated: false, gas_used });
    this.#write();
  }

  #message(contract: ContractName): InstantiateMsg<ContractName> {
    const { params, beacon } = this.plan;
    // Only a dry run has no addresses yet.
    const at = (name: ContractName): string => this.#done[name]?.address ?? `<${name}>`;
    switch (contract) {
      case "token":
        return params.token;
      case "registry": {
        const { owner = this.sender.address, registration_fee } = params.registry;
        return { owner, token: at("token"), registration_fee };
      }
      case "staking":
        return { token: at("token"), registry: at("registry"), ...params.staking };
      case "execution-market": {
        const owner = this.#named("owner") || null;
        const pauser = this.#named("pauser") || null;
        return { registry: at("registry"), staking: at("staking"), beacon, params: params.market, owner, pauser };
      }
    }
  }

  /** The version that cw2 keeps in the contract's storage. */
  async #version(address: string): Promise<string> {
    const raw = await this.connection.client.queryContractRaw(address, toUtf8("contract_info"));
    if (raw === null) throw new Failure(`the contract at ${address} does not tell its version`);
    return (JSON.parse(fromUtf8(raw)) as { version: string }).version;
  }

  /** Names the market to staking, and to the registry if the deployer owns it. */
  async #wire(): Promise<void> {
    const market = this.#done["execution-market"]?.address;
    if (market === undefined) return;
    await this.#tell("staking", market);
    const { owner = this.sender.address } = this.plan.params.registry;
    if (owner === this.sender.address) await this.#tell("registry", market);
    else this.output.note(`registry: its owner ${owner} must tell it its market, ${market}`);
  }

  async #tell(contract: "staking" | "registry", market: string): Promise<void> {
    const address = this.#done[contract]?.address;
    if (address === undefined) return;
    const config = (await this.connection.client.queryContractSmart(address, { config: {} })) as {
      market: string | null;
    };
    if (config.market === market) return;
    if (config.market !== null) {
      throw new Failure(`${contract} at ${address} has market ${config.market}, for ever: deploy anew with --fresh`);
    }
    if (this.plan.dryRun) {
      this.output.note(`${contract}: would be told its market`);
      return;
    }
    const msg = { set_market: { market } };
    await this.sender.client.execute(this.sender.address, address, msg, GAS_MARGIN);
    this.output.note(`${contract}: told its market`);
  }

  /** After each contract, so that a deployment that was interrupted goes on where it was. */
  #write(): void {
    const { chain_id } = this.connection.network.chain;
    const deployment: Deployment = {
      chain_id,
      contracts: this.#done,
      toolchain: toolchainOf(this.plan.artifacts),
    };
    writeFileSync(this.plan.file, `${JSON.stringify(deployment, undefined, 2)}\n`);
  }
}
