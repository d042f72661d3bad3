/**
 * Canonical JSON: RFC 8785 with numbers restricted to integers within ±(2^53 − 1); docs/mechanism.md 2.6. The same rules and the
 * same sentences as packages/protocol/src/canonical_json.rs. It has its own parser, because JSON.parse hides duplicate keys and
 * rounds numbers.
 */
import { Failure } from "./failure.js";

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** Arrays and objects that may stand inside each other. */
export const MAX_DEPTH = 32;

/** The canonical form of a JSON text. */
export function canonicalize(text: string): string {
  return stringify(parse(text));
}

/** The canonical form of a value. */
export function stringify(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(stringify).join(",")}]`;
  if (typeof value === "number") return integer(value);
  // JSON.stringify writes strings as RFC 8785, 3.2.2.2 wants them, except that it escapes lone surrogates instead of refusing them.
  if (typeof value === "string") return JSON.stringify(wellFormed(value));
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  // The default order of sort() is that of UTF-16 code units, which is what RFC 8785 asks for.
  const keys = Object.keys(value).sort();
  return `{${keys.map((key) => `${JSON.stringify(wellFormed(key))}:${stringify(value[key] ?? null)}`).join(",")}}`;
}

function integer(value: number): string {
  if (!Number.isSafeInteger(value)) {
    throw new Failure(
      `the number ${value.toString()} is not an integer within ±(2^53 - 1): write it as a decimal string`,
    );
  }
  return value === 0 ? "0" : value.toString();
}

function wellFormed(text: string): string {
  if (/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/.test(text)) {
    throw new Failure("a string has a lone surrogate");
  }
  return text;
}

/** The value of a JSON text that has a canonical form; offsets in refusals count bytes of UTF-8. */
export function parse(text: string): Json {
  const parser = new Parser(text);
  return parser.whole();
}

const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  "\\": "\\",
  "/": "/",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
};

class Parser {
  #at = 0;

  constructor(private readonly text: string) {}

  whole(): Json {
    const value = this.#value(0);
    this.#space();
    if (this.#at < this.text.length) throw this.#unexpected();
    return value;
  }

  #value(depth: number): Json {
    this.#space();
    const next = this.text[this.#at];
    if (next === "{") return this.#object(this.#deeper(depth));
    if (next === "[") return this.#array(this.#deeper(depth));
    if (next === '"') return this.#string();
    if (next === "-" || (next !== undefined && next >= "0" && next <= "9")) return this.#number();
    for (const [word, value] of [["null", null] as const, ["true", true] as const, ["false", false] as const]) {
      if (next === word[0]) return this.#word(word, value);
    }
    throw this.#unexpected();
  }

  #deeper(depth: number): number {
    if (depth === MAX_DEPTH) throw this.#refusal((at) => `nested deeper than ${MAX_DEPTH.toString()} at byte ${at}`);
    this.#at += 1;
    return depth + 1;
  }

  #object(depth: number): Json {
    const members = new Map<string, Json>();
    this.#space();
    if (this.#skip("}")) return {};
    do {
      this.#space();
      const start = this.#at;
      if (this.text[start] !== '"') throw this.#unexpected();
      const key = this.#string();
      if (members.has(key)) throw this.#refusal((at) => `the key at byte ${at} is a duplicate`, start);
      this.#space();
      this.#expect(":");
      members.set(key, this.#value(depth));
      this.#space();
    } while (this.#skip(","));
    this.#expect("}");
    return Object.fromEntries(members);
  }

  #array(depth: number): Json {
    const items: Json[] = [];
    this.#space();
    if (this.#skip("]")) return items;
    do {
      items.push(this.#value(depth));
      this.#space();
    } while (this.#skip(","));
    this.#expect("]");
    return items;
  }

  #number(): number {
    const start = this.#at;
    const digits = /^-?(?:0|[1-9]\d*)/.exec(this.text.slice(start, start + 400))?.[0];
    if (digits === undefined) {
      this.#at += 1;
      throw this.#unexpected();
    }
    this.#at += digits.length;
    if (/^[.eE]/.test(this.text.slice(this.#at, this.#at + 1))) {
      throw this.#refusal((at) => `the number at byte ${at} is not written as an integer`, start);
    }
    if (/^\d/.test(this.text.slice(this.#at, this.#at + 1))) throw this.#unexpected();
    const value = Number(digits);
    if (!Number.isSafeInteger(value)) {
      throw this.#refusal((at) => `the integer at byte ${at} is outside ±(2^53 - 1)`, start);
    }
    return value === 0 ? 0 : value;
  }

  #string(): string {
    this.#at += 1;
    let out = "";
    for (;;) {
      const next = this.text[this.#at];
      if (next === undefined) throw this.#end();
      if (next === '"') break;
      if (next < " ") throw this.#refusal((at) => `unescaped control character at byte ${at}`);
      out += next === "\\" ? this.#escape() : next;
      if (next !== "\\") this.#at += 1;
    }
    this.#at += 1;
    return out;
  }

  #escape(): string {
    const start = this.#at;
    const code = this.text[start + 1];
    if (code === undefined) throw this.#end();
    const simple = ESCAPES[code];
    if (simple !== undefined) {
      this.#at += 2;
      return simple;
    }
    const unit = this.#unit(start);
    this.#at += 6;
    if (unit < 0xd800 || unit > 0xdfff) return String.fromCharCode(unit);
    const lone = this.#refusal((at) => `lone surrogate at byte ${at}`, start);
    if (unit > 0xdbff || this.text[this.#at] !== "\\") throw lone;
    const low = this.#unit(this.#at, start);
    if (low < 0xdc00 || low > 0xdfff) throw lone;
    this.#at += 6;
    return String.fromCharCode(unit, low);
  }

  /** The code unit of the escape that starts at `from`; `blame` is where a refusal points to. */
  #unit(from: number, blame = from): number {
    const hex = this.text.slice(from + 1, from + 6);
    if (/^u[0-9a-fA-F]{4}$/.test(hex)) return Number.parseInt(hex.slice(1), 16);
    if (/^u?[0-9a-fA-F]{0,4}$/.test(hex) && hex.startsWith("u") && from + 6 > this.text.length) throw this.#end();
    throw this.#refusal((at) => `invalid escape at byte ${at}`, blame);
  }

  #word<T extends Json>(word: string, value: T): T {
    for (const letter of word) this.#expect(letter);
    return value;
  }

  #space(): void {
    while (" \t\n\r".includes(this.text[this.#at] ?? "x")) this.#at += 1;
  }

  #skip(letter: string): boolean {
    const found = this.text[this.#at] === letter;
    if (found) this.#at += 1;
    return found;
  }

  #expect(letter: string): void {
    if (!this.#skip(letter)) throw this.#unexpected();
  }

  #unexpected(): Failure {
    return this.#at >= this.text.length ? this.#end() : this.#refusal((at) => `unexpected character at byte ${at}`);
  }

  #end(): Failure {
    this.#at = this.text.length;
    return this.#refusal((at) => `the JSON text ends too early, at byte ${at}`);
  }

  #refusal(words: (at: string) => string, at = this.#at): Failure {
    return new Failure(words(new TextEncoder().encode(this.text.slice(0, at)).length.toString()));
  }
}
