/** One sentence for the first thing that a zod schema refuses: field, limit and value. */
import { z } from "zod";
import { Failure } from "../client/index.js";

/** The value, checked; `source` is what holds it, such as a file. */
export function check<T extends z.ZodType>(schema: T, value: unknown, source: string): z.output<T> {
  const result = schema.safeParse(value, { reportInput: true });
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new Failure(`${source}: ${issue === undefined ? "refused" : refusal(issue)}`);
}

function refusal(issue: z.core.$ZodIssue): string {
  const field = issue.path.reduce<string>(place, "") || "the file";
  switch (issue.code) {
    case "invalid_type":
      return issue.input === undefined
        ? `${field} is missing`
        : `${field} is ${shown(issue.input)}, must be ${article(issue.expected)}`;
    case "unrecognized_keys":
      return `${field === "the file" ? "" : `${field}.`}${issue.keys[0] ?? ""} is not a known field`;
    case "too_small":
      return `${field} is ${measured(issue)}, must be at least ${issue.minimum.toString()}`;
    case "too_big":
      return `${field} is ${measured(issue)}, must be at most ${issue.maximum.toString()}`;
    case "invalid_value":
      return `${field} is ${shown(issue.input)}, must be ${issue.values.map((value) => String(value)).join(" or ")}`;
    case "invalid_union":
      return `${field} is ${shown(issue.input)}, ${unionRule(issue)}`;
    case "invalid_format":
    case "custom":
    case "invalid_key":
    case "invalid_element":
    case "not_multiple_of":
      // A mapping that breaks a rule is better named than shown.
      return typeof issue.input === "object"
        ? `${field} ${issue.message}`
        : `${field} is ${shown(issue.input)}, ${issue.message}`;
  }
}

function unionRule(issue: z.core.$ZodIssueInvalidUnion): string {
  const [first] = issue.errors.flat();
  return first === undefined ? "which is not allowed" : first.message;
}

function place(before: string, step: PropertyKey): string {
  if (typeof step === "number") return `${before}[${step.toString()}]`;
  return before === "" ? String(step) : `${before}.${String(step)}`;
}

function measured(issue: z.core.$ZodIssueTooBig | z.core.$ZodIssueTooSmall): string {
  const { input } = issue as { input?: unknown };
  if (Array.isArray(input)) return `${input.length.toString()} entries`;
  return typeof input === "string" ? `${input.length.toString()} characters` : shown(input);
}

function article(expected: string): string {
  if (expected === "record" || expected === "object") return "a mapping";
  if (expected === "int") return "an integer";
  return `${/^[aeiou]/.test(expected) ? "an" : "a"} ${expected}`;
}

/** The refused value, shortened. */
export function shown(value: unknown): string {
  const text = typeof value === "string" ? `"${value}"` : JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}
