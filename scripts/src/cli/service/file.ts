/** Reads service.yaml: checks it, and makes of it what goes on chain. */
import { sha256 } from "@cosmjs/crypto";
import { toHex, toUtf8 } from "@cosmjs/encoding";
import { dirname, join, resolve } from "node:path";
import { parseDocument } from "yaml";
import {
  canonicalize,
  checkValue,
  committeeOf,
  Failure,
  grownTo,
  maxFees,
  seatBondNeeded,
  serviceBondNeeded,
  stringify,
  type Json,
} from "../../client/index.js";
import type { Committee, Manifest } from "../../client/generated/registry.js";
import { readBytes, readText } from "../networks.js";
import { check } from "../refusal.js";
import { exportedFunctions } from "./component.js";
import { serviceFile, type ServiceFile } from "./schema.js";

/** Bytes of the manifest's canonical JSON at most. */
const MAX_MANIFEST = 16 * 1024;

/** Changes to what the file says, for one publication. */
export interface Overrides {
  /** Seconds of every task's challenge window. */
  readonly tChallenge?: number | undefined;
  /** Where runners find the component, instead of component.sources. */
  readonly sources?: readonly string[] | undefined;
}

/** A service as it will be published. */
export interface Service {
  readonly file: ServiceFile;
  readonly manifest: Manifest;
  /** Canonical JSON of the manifest. */
  readonly json: string;
  /** SHA-256 of that: what identifies the version. */
  readonly digest: string;
  /** Least service bond that publication asks for, in base units. */
  readonly serviceBond: bigint;
}

/** Reads and checks a service.yaml and the component that it names. */
export function loadService(path: string, overrides: Overrides = {}): Service {
  const document = parseDocument(readText(path), { uniqueKeys: true });
  const [error] = document.errors;
  if (error !== undefined) throw new Failure(`${path} is not YAML: ${error.message.split("\n")[0] ?? ""}`);
  const file = check(serviceFile, document.toJS(), path);
  const manifest = manifestOf(file, dirname(path), overrides);
  try {
    checkRules(file, manifest);
  } catch (refusal) {
    throw refusal instanceof Failure ? new Failure(`${path}: ${refusal.message}`) : refusal;
  }
  const json = canonicalize(JSON.stringify(manifest));
  const size = toUtf8(json).length;
  if (size > MAX_MANIFEST) {
    throw new Failure(
      `${path}: the manifest is ${size.toString()} bytes of canonical JSON, must be at most ${MAX_MANIFEST.toString()}`,
    );
  }
  const serviceBond = serviceBondNeeded(manifest.tasks, manifest.policy);
  return { file, manifest, json, digest: toHex(sha256(toUtf8(json))), serviceBond };
}

function manifestOf(file: ServiceFile, directory: string, overrides: Overrides): Manifest {
  const { component, profile, policy, max_validators, seat_bond, events, notes } = file;
  const bytes = readBytes(join(directory, component.file));
  const found = toHex(sha256(bytes));
  if (found !== component.sha256) {
    throw new Failure(`component.sha256 is ${component.sha256}, but ${join(directory, component.file)} has ${found}`);
  }
  checkExports(bytes, join(directory, component.file), policy);
  const tasks = file.tasks.map((task) => ({
    ...task,
    t_challenge: overrides.tChallenge ?? task.t_challenge,
    examples: undefined,
  }));
  const sources = overrides.sources ?? component.sources.map((source) => absolute(source, directory));
  const manifest = {
    component: { sha256: found, size: bytes.length, sources },
    profile,
    policy,
    max_validators,
    seat_bond,
    tasks,
    events,
    notes,
  };
  // Through JSON, so that members without a value are absent, as they are on chain.
  return withoutDefaults(JSON.parse(JSON.stringify(manifest)) as Json) as unknown as Manifest;
}

/** Runners call `run`, and `verify` to check a result: without them every seat would fail. */
function checkExports(bytes: Uint8Array, path: string, policy: ServiceFile["policy"]): void {
  const found = exportedFunctions(bytes, path);
  const needed = "verify" in policy ? ["run", "verify"] : ["run"];
  const missing = needed.find((name) => !found.includes(name));
  if (missing !== undefined) {
    throw new Failure(`${path} exports no function "${missing}", which policy.${Object.keys(policy).join("")} needs`);
  }
}

/** The registry leaves out what has its default, so that one manifest has one digest. */
function withoutDefaults(value: Json): Json {
  if (Array.isArray(value)) return value.map(withoutDefaults);
  if (typeof value !== "object" || value === null) return value;
  const members = Object.entries(value).filter(([key, member]) => !isDefault(key, member, value));
  return Object.fromEntries(members.map(([key, member]) => [key, withoutDefaults(member)]));
}

function isDefault(key: string, member: Json | undefined, owner: Json): boolean {
  if (member === undefined) return true;
  const isParam = typeof owner === "object" && owner !== null && "type" in owner && typeof owner.type === "string";
  if (!isParam) return false;
  if (key === "optional" || key === "repeated") return member === false;
  return key === "object" && Object.keys(member as object).length === 0;
}

/** `file:PATH` is relative to the directory of service.yaml and for runners on this machine. */
function absolute(source: string, directory: string): string {
  if (!source.startsWith("file:") || source.startsWith("file://")) return source;
  return `file://${resolve(directory, source.slice("file:".length))}`;
}

/** What the registry refuses beyond the bounds of single fields. */
function checkRules(file: ServiceFile, manifest: Manifest): void {
  checkCommittee(manifest);
  unique("tasks", manifest.tasks);
  unique("events", manifest.events);
  for (const [index, task] of manifest.tasks.entries()) {
    const at = `tasks[${index.toString()}]`;
    if ("verify" in manifest.policy && BigInt(task.price.per_mfuel) > 0n) {
      throw new Failure(`${at}.price.per_mfuel is ${task.price.per_mfuel}, must be 0: no checker attests fuel`);
    }
    const mostFuel = BigInt(task.t_run) * 200_000_000n;
    if (BigInt(task.max_fuel) > mostFuel) {
      throw new Failure(`${at}.max_fuel is ${task.max_fuel}, must be at most t_run · 2·10^8 = ${mostFuel.toString()}`);
    }
    if (maxFees(task).executor >= 1n << 128n) throw new Failure(`${at}.price gives a fee that does not fit 128 bits`);
    const needed = seatBondNeeded(task, manifest.policy, manifest.max_validators);
    if (BigInt(manifest.seat_bond) < needed) {
      throw new Failure(
        `seat_bond is ${manifest.seat_bond}, must be at least ${needed.toString()} for ${at} (${task.name})`,
      );
    }
    for (const [number, { input }] of (file.tasks[index]?.examples ?? []).entries()) {
      checkValue(task.inputs, input as Json, `${at}.examples[${number.toString()}].input`);
      stringify(input as Json);
    }
  }
}

function checkCommittee({ policy, max_validators: most }: Manifest): void {
  const rule = "replicate" in policy ? "replicate" : "verify";
  const committee = committeeOf(policy);
  checkSizes(committee, `policy.${rule}`);
  if (most === undefined || most === null) return;
  if (most < committee.k1) {
    throw new Failure(`max_validators is ${most.toString()}, must be at least k1 = ${committee.k1.toString()}`);
  }
  checkSizes(grownTo(committee, most), `policy.${rule} with ${most.toString()} validators`);
}

function checkSizes({ k1, k2, k3 }: Committee, at: string): void {
  if (k2 < k1 + 2) throw new Failure(`${at}.k2 is ${k2.toString()}, must be at least k1 + 2 = ${(k1 + 2).toString()}`);
  if (k3 === undefined || k3 === null) return;
  const [least, most] = [2 * k2, Math.min(4 * k2, 31)];
  if (k3 < least || k3 > most) {
    throw new Failure(`${at}.k3 is ${k3.toString()}, must be ${least.toString()} to ${most.toString()}`);
  }
}

function unique(member: string, entries: readonly { readonly name: string }[]): void {
  for (const [index, { name }] of entries.entries()) {
    if (entries.findIndex((entry) => entry.name === name) < index) {
      throw new Failure(`${member}[${index.toString()}].name repeats "${name}"`);
    }
  }
}
