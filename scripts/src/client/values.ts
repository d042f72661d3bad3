/** Declared types of a task's inputs and outputs, and the check of a value against them: packages/protocol/src/schema.rs in TypeScript. */
import { type Json } from "./canonical-json.js";
import { Failure } from "./failure.js";
import type { Param, ParamType } from "./generated/registry.js";

export type Params = Readonly<Record<string, Param>>;

/** Digits of a decimal string at most. */
const MAX_DIGITS = 78;

/** Refuses a value that is not of the declared types; `path` names it in the refusal. */
export function checkValue(params: Params, value: Json, path = "$"): void {
  if (!isObject(value)) throw mistyped(path, "Object", value);
  for (const [name, member] of Object.entries(value)) {
    const param = Object.hasOwn(params, name) ? params[name] : undefined;
    if (param === undefined) throw new Failure(`${path}.${name} is not declared`);
    checkMember(param, member, `${path}.${name}`);
  }
  for (const [name, param] of Object.entries(params)) {
    if (param.optional !== true && !Object.hasOwn(value, name)) throw new Failure(`${path}.${name} is missing`);
  }
}

function checkMember(param: Param, value: Json, path: string): void {
  if (param.repeated !== true) {
    checkSingle(param, value, path);
    return;
  }
  if (!Array.isArray(value)) throw new Failure(`${path}: expected an array, got ${kindOf(value)}`);
  for (const [index, item] of value.entries()) checkSingle(param, item, `${path}[${index.toString()}]`);
}

function checkSingle(param: Param, value: Json, path: string): void {
  switch (param.type) {
    case "Any":
      return;
    case "String":
      if (typeof value !== "string") throw mistyped(path, param.type, value);
      return;
    case "Boolean":
      if (typeof value !== "boolean") throw mistyped(path, param.type, value);
      return;
    case "Number":
      checkNumber(value, path);
      return;
    case "Object":
      if (!isObject(value)) throw mistyped(path, param.type, value);
      if (Object.keys(param.object ?? {}).length > 0) checkValue(param.object ?? {}, value, path);
  }
}

function checkNumber(value: Json, path: string): void {
  if (typeof value === "number") return;
  if (typeof value !== "string") throw mistyped(path, "Number", value);
  const digits = value.replace(/[^0-9]/g, "").length;
  if (digits > MAX_DIGITS || !/^-?(?:0|[1-9]\d*)(?:\.\d+)?$/.test(value)) {
    throw new Failure(`${path} is not a decimal number of at most ${MAX_DIGITS.toString()} digits`);
  }
}

function isObject(value: Json): value is Record<string, Json> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function mistyped(path: string, expected: ParamType, value: Json): Failure {
  return new Failure(`${path}: expected ${expected}, got ${kindOf(value)}`);
}

function kindOf(value: Json): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "an array";
  if (typeof value === "boolean") return "a boolean";
  if (typeof value === "number") return "an integer";
  return typeof value === "string" ? "a string" : "an object";
}
