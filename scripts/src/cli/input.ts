/** The input of a request: put together, checked, made canonical, and put on chain or pointed to. */
import { sha256 } from "@cosmjs/crypto";
import { toHex, toUtf8 } from "@cosmjs/encoding";
import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { checkValue, Failure, parse, stringify, type Chain, type Json } from "../client/index.js";
import type { Input } from "../client/generated/execution-market.js";
import type { Task } from "../client/generated/registry.js";
import { readText } from "./networks.js";

/** Largest input on chain, in bytes. */
const MAX_INLINE = 4096;
/** Longest locator, in bytes. */
const MAX_LOCATOR = 256;

export interface InputOptions {
  readonly input?: string;
  readonly text?: readonly (readonly [string, string])[];
  readonly locator?: string;
  readonly saveInput?: string;
}

export interface PreparedInput {
  readonly input: Input;
  /** Bytes of its canonical form. */
  readonly length: number;
}

export function prepareInput(task: Task, options: InputOptions, chain: Chain): PreparedInput {
  const value = assemble(options);
  checkValue(task.inputs, value, "input");
  const json = stringify(value);
  const bytes = toUtf8(json);
  if (bytes.length > task.max_input) {
    throw new Failure(`input is ${bytes.length.toString()} bytes, the task takes at most ${task.max_input.toString()}`);
  }
  if (options.saveInput !== undefined) writeFileSync(options.saveInput, json);
  if (bytes.length <= MAX_INLINE) return { input: { inline: { json } }, length: bytes.length };
  const digest = { sha256: toHex(sha256(bytes)), len: bytes.length, locator: locatorOf(options, bytes.length, chain) };
  return { input: { digest }, length: bytes.length };
}

function assemble({ input, text = [] }: InputOptions): Json {
  if (input === undefined && text.length === 0)
    throw new Failure("an input is needed: --input FILE or --text NAME=FILE", "usage");
  const base = input === undefined ? {} : readJsonInput(input);
  if (typeof base !== "object" || base === null || Array.isArray(base))
    throw new Failure("the input must be a JSON object");
  return { ...base, ...Object.fromEntries(text.map(([name, file]) => [name, readText(file)])) };
}

function readJsonInput(file: string): Json {
  try {
    return parse(readText(file));
  } catch (error) {
    throw error instanceof Failure ? new Failure(`${file}: ${error.message}`) : error;
  }
}

/** Where runners find an input that is too large for the chain. On a local network that may be the saved file. */
function locatorOf({ locator, saveInput }: InputOptions, length: number, chain: Chain): string {
  const local = chain.network_type === "devnet" && saveInput !== undefined;
  const found = locator ?? (local ? pathToFileURL(resolve(saveInput)).href : undefined);
  if (found === undefined) {
    throw new Failure(
      `the input is ${length.toString()} bytes, at most ${MAX_INLINE.toString()} go on chain: write its canonical form with --save-input FILE, serve it, and give --locator URL`,
    );
  }
  const bytes = toUtf8(found).length;
  if (bytes > MAX_LOCATOR)
    throw new Failure(`--locator is ${bytes.toString()} bytes, must be at most ${MAX_LOCATOR.toString()}`);
  return found;
}
