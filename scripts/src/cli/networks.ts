/** Reads the files of a network: networks/NAME/{chain,assetlist,deployment}.json. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Failure, type AssetList, type Chain, type Deployment, type Network } from "../client/index.js";

/** Root of the checkout that this command line is in. */
export const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

export interface NetworkChoice {
  /** Name under networks/, or a directory with a chain.json. */
  readonly network: string;
  /** Another RPC than that of chain.json. */
  readonly node?: string | undefined;
  /** Another place of deployment.json. */
  readonly deployment?: string | undefined;
}

/** Where a network's files are. */
export function networkDirectory(name: string): string {
  if (existsSync(join(name, "chain.json"))) return name;
  const directory = join(ROOT, "networks", name);
  if (!/^[a-z0-9-]+$/.test(name) || !existsSync(join(directory, "chain.json"))) {
    throw new Failure(
      `--network is '${name}', which is neither a name in networks/ nor a directory with a chain.json`,
      "usage",
    );
  }
  return directory;
}

export function deploymentFile({ network, deployment }: NetworkChoice): string {
  return deployment ?? join(networkDirectory(network), "deployment.json");
}

export function loadNetwork(choice: NetworkChoice): Network {
  const directory = networkDirectory(choice.network);
  const chain = readJson(join(directory, "chain.json")) as Chain;
  const assets = readJson(join(directory, "assetlist.json")) as AssetList;
  const file = deploymentFile(choice);
  const deployment = existsSync(file) ? (readJson(file) as Deployment) : undefined;
  if (deployment !== undefined && deployment.chain_id !== chain.chain_id) {
    throw new Failure(`${file} is of chain ${deployment.chain_id}, ${chain.chain_name} is ${chain.chain_id}`);
  }
  const rpc = choice.node ?? chain.apis.rpc[0]?.address;
  if (rpc === undefined)
    throw new Failure(`the chain.json of ${chain.chain_name} names no RPC, and there is no --node`);
  if (!/^https?:\/\/\S+$/.test(rpc))
    throw new Failure(`--node must be an http:// or https:// address, got '${rpc}'`, "usage");
  return { name: choice.network, chain, assets, deployment, rpc };
}

/** The JSON in a file. */
export function readJson(file: string): unknown {
  const text = readText(file);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Failure(`${file} is not JSON: ${(error as Error).message}`);
  }
}

/** The text in a file; "-" is the standard input. */
export function readText(file: string): string {
  const bytes = readBytes(file === "-" ? "/dev/stdin" : file);
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Failure(`${file} is not UTF-8`);
  }
}

/** What is in a file. */
export function readBytes(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new Failure(`${file} cannot be read: ${code === "ENOENT" ? "there is no such file" : (code ?? "unknown")}`);
  }
}
