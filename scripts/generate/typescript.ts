/** TypeScript types for the messages and answers of one contract. */
import type { Idl, Schema } from "./idl.js";

const HEADER = "// Generated from the contract's schema by `npm run generate -w scripts`. Do not edit.\n";
const MESSAGES = ["instantiate", "execute", "query", "migrate"] as const;

/** Fields that are maps from names. cosmwasm-schema closes every object and thereby loses what the values of a map are. */
const MAPS: Readonly<Record<string, string>> = {
  "EventDefinition.data": "Param",
  "Param.object": "Param",
  "Task.inputs": "Param",
  "Task.outputs": "Param",
};

/** What CosmWasm's own types are on the wire; its own descriptions are about Rust. */
const PLAIN: Readonly<Record<string, string>> = {
  Addr: "An address.",
  Binary: "Bytes in base64.",
  Digest32: "32 bytes in 64 lower-case hexadecimal digits.",
  Timestamp: "Nanoseconds since 1970 in decimal.",
  Uint64: "An integer of 64 bits in decimal.",
  Uint128: "An integer of 128 bits in decimal.",
};

/** The source of a module that exports every type of `idl` and the map `QueryResponses` from queries to answers. */
export function typescript(idl: Idl): string {
  const types = new Types();
  for (const kind of MESSAGES) {
    const schema = idl[kind];
    if (schema !== null) types.add(schema.title ?? kind, schema);
  }
  const responses = Object.entries(idl.responses ?? {}).sort(([a], [b]) => compare(a, b));
  const members = responses.map(([query, schema]) => `  ${key(query)}: ${types.addAnswer(query, schema)};\n`);
  const map = `/** What each query answers. */\nexport interface QueryResponses {\n${members.join("")}}\n`;
  return [HEADER, ...types.declarations(), map].join("\n");
}

class Types {
  readonly #schemas = new Map<string, Schema>();

  /** Remembers a named type and those that it refers to; two different types of one name cannot share a module. */
  add(name: string, schema: Schema): void {
    const { definitions, ...own } = schema;
    for (const [inner, definition] of Object.entries(definitions ?? {})) this.add(identifier(inner), definition);
    const known = this.#schemas.get(name);
    if (known !== undefined && JSON.stringify(plain(known)) !== JSON.stringify(plain(own))) {
      throw new Error(`two types are called ${name}`);
    }
    this.#schemas.set(name, known ?? own);
  }

  /** Remembers the answer to `query` and gives the type to write for it. */
  addAnswer(query: string, schema: Schema): string {
    const title = schema.title === undefined ? "" : identifier(schema.title);
    if (!/^[A-Z]/.test(title)) throw new Error(`the answer to ${query} has no title`);
    this.add(title, schema);
    return title;
  }

  declarations(): string[] {
    const names = [...this.#schemas.keys()].sort(compare);
    return names.map((name) => declaration(name, this.#schemas.get(name) ?? {}));
  }
}

function declaration(name: string, schema: Schema): string {
  const head = doc(PLAIN[name] ?? schema.description, "");
  if (schema.type !== "object" || schema.properties === undefined) {
    return `${head}export type ${name} = ${type(schema, "")};\n`.replace("= \n", "=\n");
  }
  const properties = Object.entries(schema.properties).map(([field, property]) => {
    const values = MAPS[`${name}.${field}`];
    const map = { ...property, additionalProperties: { $ref: values ?? "" } };
    return [field, values === undefined ? property : map] as const;
  });
  return `${head}export interface ${name} ${object({ ...schema, properties: Object.fromEntries(properties) }, "")}\n`;
}

/** A type as it is written inside another one; `indent` is that of the line it starts on. */
function type(schema: Schema, indent: string): string {
  if (schema.$ref !== undefined) return identifier(schema.$ref.replace("#/definitions/", ""));
  if (schema.allOf?.length === 1 && schema.allOf[0] !== undefined) return type(schema.allOf[0], indent);
  const variants = schema.oneOf ?? schema.anyOf;
  if (variants !== undefined) return union(variants, indent);
  if (schema.enum !== undefined) return schema.enum.map((text) => JSON.stringify(text)).join(" | ");
  if (typeof schema.type === "object")
    return schema.type.map((one) => type({ ...schema, type: one }, indent)).join(" | ");
  switch (schema.type) {
    case "string":
      return "string";
    case "integer":
    case "number":
      return "number";
    case "boolean":
      return "boolean";
    case "null":
      return "null";
    case "array":
      return array(schema, indent);
    case "object":
      return object(schema, indent);
    case undefined:
      return "unknown";
    default:
      throw new Error(`no TypeScript type for ${schema.type}`);
  }
}

function union(variants: readonly Schema[], indent: string): string {
  const documented = variants.some((variant) => variant.description !== undefined);
  if (!documented) return variants.map((variant) => type(variant, indent)).join(" | ");
  const inner = `${indent}  `;
  return variants.map((variant) => `\n${doc(variant.description, inner)}${inner}| ${type(variant, inner)}`).join("");
}

function array(schema: Schema, indent: string): string {
  const { items } = schema;
  if (Array.isArray(items)) return `[${(items as readonly Schema[]).map((item) => type(item, indent)).join(", ")}]`;
  const item = type((items as Schema | undefined) ?? {}, indent);
  return /^\w+$/.test(item) ? `${item}[]` : `(${item})[]`;
}

function object(schema: Schema, indent: string): string {
  const { properties, additionalProperties } = schema;
  if (properties === undefined || Object.keys(properties).length === 0) {
    const values = typeof additionalProperties === "object" ? type(additionalProperties, indent) : "never";
    return properties === undefined && additionalProperties === undefined ? "unknown" : `Record<string, ${values}>`;
  }
  const inner = `${indent}  `;
  const lines = Object.entries(properties).map(([name, property]) => {
    const optional = schema.required?.includes(name) === true ? "" : "?";
    return `${doc(property.description, inner)}${inner}${key(name)}${optional}: ${type(property, inner)};\n`;
  });
  return `{\n${lines.join("")}${indent}}`;
}

function doc(text: string | undefined, indent: string): string {
  return text === undefined ? "" : `${indent}/** ${text.replace(/\s*\n\s*/g, " ").replaceAll("*/", "* /")} */\n`;
}

/** A schema without what only people read. */
function plain(schema: Schema): unknown {
  return JSON.parse(
    JSON.stringify(schema, (name, value: unknown) =>
      typeof value === "string" && ["title", "description", "$schema"].includes(name) ? undefined : value,
    ),
  ) as unknown;
}

function identifier(name: string): string {
  return name.replace(/[^A-Za-z0-9]+(.)?/g, (_, next: string | undefined) => next?.toUpperCase() ?? "");
}

function key(name: string): string {
  return /^[A-Za-z_]\w*$/.test(name) ? name : JSON.stringify(name);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
