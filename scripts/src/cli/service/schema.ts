/** service.yaml: the schema that it is checked with. The bounds are those of the registry (packages/api/src/registry). */
import { z } from "zod";

const MIB = 1024 * 1024;
const MAX_PAYLOAD = 64 * MIB;
const MAX_PARAMS = 32;
const U128 = (1n << 128n) - 1n;
const U64 = (1n << 64n) - 1n;

/** A text of `least` to `most` bytes of UTF-8. */
function text(least: number, most: number): z.ZodString {
  const message = `must have ${least.toString()} to ${most.toString()} bytes`;
  const bytes = (value: string): number => new TextEncoder().encode(value).length;
  return z.string().refine((value) => bytes(value) >= least && bytes(value) <= most, { error: message });
}

/** A decimal integer, written as a string or, where it is small enough to be exact, as a number. */
function big(least: bigint, most: bigint): z.ZodType<string> {
  const error = `must be an integer from ${least.toString()} to ${most.toString()}, in quotes if it is above 2^53 - 1`;
  const within = (value: string | number): boolean => {
    const exact = typeof value === "number" ? Number.isSafeInteger(value) : /^\d{1,39}$/.test(value);
    return exact && BigInt(value) >= least && BigInt(value) <= most;
  };
  return z
    .union([z.string(), z.number()], error)
    .refine(within, { error, abort: true })
    .transform((value) => BigInt(value).toString());
}

const integer = (least: number, most: number): z.ZodInt => z.int().min(least).max(most);

const name = text(1, 63).regex(/^[a-z][a-z0-9_-]*$/, "must start with a-z and have only a-z, 0-9, _ and -");
const paramName = text(1, 64).regex(
  /^[a-zA-Z][a-zA-Z0-9_]*$/,
  "must start with a letter and have only letters, digits and _",
);

interface ParamFile {
  type: "String" | "Number" | "Boolean" | "Object" | "Any";
  optional?: boolean | undefined;
  repeated?: boolean | undefined;
  description?: string | undefined;
  object?: Record<string, ParamFile> | undefined;
}

const param: z.ZodType<ParamFile> = z.lazy(() =>
  z
    .strictObject({
      type: z.enum(["String", "Number", "Boolean", "Object", "Any"]),
      optional: z.boolean().optional(),
      repeated: z.boolean().optional(),
      description: text(0, 256).optional(),
      object: params.optional(),
    })
    .refine(({ type, object }) => type === "Object" || object === undefined, {
      error: "declares members but is no Object",
    }),
);

const params = z.record(paramName, param).refine((all) => Object.keys(all).length <= MAX_PARAMS, {
  error: `must declare at most ${MAX_PARAMS.toString()} parameters`,
});

const definition = params
  .refine((all) => levels(all) <= 4, { error: "must nest at most 4 levels of objects" })
  .refine((all) => count(all) <= 128, { error: "must declare at most 128 parameters in all" });

function levels(all: Record<string, ParamFile>): number {
  return 1 + Math.max(0, ...Object.values(all).map(({ object }) => (hasMembers(object) ? levels(object) : 0)));
}

function count(all: Record<string, ParamFile>): number {
  return Object.values(all).reduce((sum, { object }) => sum + 1 + (object === undefined ? 0 : count(object)), 0);
}

function hasMembers(object: Record<string, ParamFile> | undefined): object is Record<string, ParamFile> {
  return object !== undefined && Object.keys(object).length > 0;
}

const amount = big(0n, U128);

const task = z.strictObject({
  name,
  description: text(0, 256).default(""),
  inputs: definition,
  outputs: definition,
  t_run: integer(1, 6 * 3600),
  t_challenge: integer(0, 86_400).default(600),
  max_input: integer(2, MAX_PAYLOAD),
  max_output: integer(2, MAX_PAYLOAD),
  max_fuel: big(1n, U64),
  price: z.strictObject({ per_call: big(1n, U128), per_kb: amount, per_mfuel: amount }),
  validator_bps: integer(1000, 10_000),
  developer_bps: integer(0, 3000),
  examples: z.array(z.strictObject({ input: z.record(z.string(), z.unknown()) })).optional(),
});

const SOURCE_RULE = "must be http://…, https://…, ipfs://…, file://… or file:PATH in visible ASCII";

const component = z.strictObject({
  file: text(1, 256),
  sha256: z.string().regex(/^[0-9a-f]{64}$/, "must be 64 lower-case hexadecimal digits"),
  sources: z
    .array(text(1, 256).regex(/^(?:(?:https?|ipfs|file):\/\/[!-~]+|file:(?!\/\/)[!-~]+)$/, SOURCE_RULE))
    .min(1)
    .max(8),
});

const committee = z.strictObject({
  k1: integer(1, 7),
  k2: integer(3, 15),
  k3: integer(6, 31).optional(),
});

const policy = z
  .strictObject({ replicate: committee.optional(), verify: committee.optional() })
  .transform(({ replicate, verify }, context) => {
    if (replicate !== undefined && verify === undefined) return { replicate };
    if (verify !== undefined && replicate === undefined) return { verify };
    context.addIssue({ code: "custom", message: "must be one of replicate and verify" });
    return z.NEVER;
  });
const LABEL = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/;
const LABEL_RULE = "must have only a-z, 0-9 and -, and start and end with a letter or digit";

export const serviceFile = z.strictObject({
  sid: text(1, 63).regex(LABEL, LABEL_RULE),
  name: text(1, 64).optional(),
  description: text(1, 1024).optional(),
  repository: text(1, 256)
    .regex(/^https?:\/\/[!-~]+$/, "must be http:// or https:// and visible ASCII")
    .optional(),
  license: text(1, 64).optional(),
  tags: z
    .array(text(1, 32).regex(LABEL, LABEL_RULE))
    .max(8)
    .refine((tags) => new Set(tags).size === tags.length, { error: "must differ from each other" })
    .optional(),
  component,
  profile: z.literal("wt48-1"),
  policy,
  max_validators: integer(1, 7).optional(),
  seat_bond: amount,
  tasks: z.array(task).min(1).max(16),
  events: z
    .array(z.strictObject({ name, data: definition }))
    .max(16)
    .default([]),
  notes: text(1, 1024).optional(),
});

export type ServiceFile = z.output<typeof serviceFile>;
