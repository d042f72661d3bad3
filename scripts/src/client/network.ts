/** A network as its files under networks/ describe it: chain.json and assetlist.json have the shapes of the chain registry. */
import type { ContractName } from "./contracts.js";
import { Failure } from "./failure.js";

export interface Endpoint {
  readonly address: string;
  readonly provider?: string;
}

/** chain.json, as far as it is used. */
export interface Chain {
  readonly chain_name: string;
  readonly chain_id: string;
  readonly pretty_name: string;
  readonly network_type: "mainnet" | "testnet" | "devnet";
  readonly bech32_prefix: string;
  readonly slip44: number;
  readonly fees: {
    readonly fee_tokens: readonly {
      readonly denom: string;
      readonly fixed_min_gas_price: number;
      readonly average_gas_price: number;
    }[];
  };
  readonly apis: {
    readonly rpc: readonly Endpoint[];
    readonly rest: readonly Endpoint[];
    readonly grpc: readonly Endpoint[];
  };
}

/** assetlist.json, as far as it is used. */
export interface AssetList {
  readonly chain_name: string;
  readonly assets: readonly {
    readonly base: string;
    readonly display: string;
    readonly symbol: string;
    readonly denom_units: readonly { readonly denom: string; readonly exponent: number }[];
  }[];
}

/** One contract on chain. */
export interface DeployedContract {
  readonly code_id: number;
  /** SHA-256 of the wasm in hex. */
  readonly checksum: string;
  readonly address: string;
  /** Version as cw2 has it on chain. */
  readonly version: string;
  /** Who may migrate it; empty for nobody. */
  readonly admin: string;
  readonly label: string;
  readonly instantiate_height: number;
  /** Hash of the transaction that instantiated it. */
  readonly tx: string;
}

/** deployment.json: written by `mesg deploy`, contract by contract. */
export interface Deployment {
  readonly chain_id: string;
  readonly contracts: Readonly<Partial<Record<ContractName, DeployedContract>>>;
  /** What the wasm was built with, as tools/wasm says. */
  readonly toolchain: Readonly<Record<string, string>>;
}

export interface Network {
  readonly name: string;
  readonly chain: Chain;
  readonly assets: AssetList;
  /** Nothing before the first deployment. */
  readonly deployment: Deployment | undefined;
  /** URL of the node's RPC that is used. */
  readonly rpc: string;
}

/** Price of gas as cosmjs takes it: "0.025ucosm". */
export function gasPrice(chain: Chain): string {
  const [token] = chain.fees.fee_tokens;
  if (token === undefined) throw new Failure(`the chain.json of ${chain.chain_name} names no fee token`);
  return `${token.average_gas_price.toString()}${token.denom}`;
}

/** Address of a contract. */
export function addressOf(network: Network, contract: ContractName): string {
  const found = network.deployment?.contracts[contract];
  if (found === undefined) {
    throw new Failure(`${contract} is not deployed on ${network.name}: run mesg deploy --network ${network.name}`);
  }
  return found.address;
}
