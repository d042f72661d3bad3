/** The contracts as tools/wasm built them. */
import { sha256 } from "@cosmjs/crypto";
import { toHex } from "@cosmjs/encoding";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { Failure, type ContractName } from "../../client/index.js";
import { readBytes, readJson } from "../networks.js";

export interface Artifact {
  readonly wasm: Uint8Array;
  /** SHA-256 in hex. */
  readonly checksum: string;
}

export function loadArtifact(directory: string, contract: ContractName): Artifact {
  const file = join(directory, `mesg_${contract.replaceAll("-", "_")}.wasm`);
  if (!existsSync(file))
    throw new Failure(`${file} does not exist: run make wasm, or name a directory with --artifacts`);
  const wasm = readBytes(file);
  return { wasm, checksum: toHex(sha256(wasm)) };
}

/** What the artifacts were built with. */
export function toolchainOf(directory: string): Readonly<Record<string, string>> {
  const file = join(directory, "build.json");
  if (!existsSync(file)) return {};
  return (readJson(file) as { toolchain?: Record<string, string> }).toolchain ?? {};
}
