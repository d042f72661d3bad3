/** What a WebAssembly component exports, read from its binary form (component model, Binary.md). */
import { fromUtf8 } from "@cosmjs/encoding";
import { Failure } from "../../client/index.js";

/** Magic number, version 13 of the format, layer 1: a component, not a core module. */
const PREAMBLE = [0x00, 0x61, 0x73, 0x6d, 0x0d, 0x00, 0x01, 0x00];
const EXPORTS = 11;
const FUNCTION = 0x01;

/**
 * Names of the functions that the component in the file `path` exports. Runners check the whole component; this finds the wrong file
 * before it is published.
 */
export function exportedFunctions(bytes: Uint8Array, path: string): string[] {
  const reader = new Reader(bytes, path);
  if (PREAMBLE.some((byte) => reader.byte() !== byte)) throw reader.failure();
  const found: string[] = [];
  while (!reader.ended) {
    const section = reader.byte();
    const content = reader.take(reader.integer());
    if (section === EXPORTS) found.push(...functions(new Reader(content, path)));
  }
  return found;
}

function functions(section: Reader): string[] {
  const found: string[] = [];
  for (let left = section.integer(); left > 0; left--) {
    section.byte(); // kind of name
    const name = fromUtf8(section.take(section.integer()), true);
    const sort = section.byte();
    if (sort === 0x00) section.byte(); // a core sort is named by a second byte
    section.integer(); // index
    if (section.byte() !== 0x00) section.take(2); // ascribed type: kind and index
    if (sort === FUNCTION) found.push(name);
  }
  return found;
}

/** Bytes from the front; a file that ends too early is no component. */
class Reader {
  #at = 0;

  constructor(
    private readonly bytes: Uint8Array,
    private readonly path: string,
  ) {}

  failure(): Failure {
    return new Failure(`${this.path} is not a WebAssembly component`);
  }

  get ended(): boolean {
    return this.#at >= this.bytes.length;
  }

  byte(): number {
    return this.take(1)[0] ?? 0;
  }

  /** An unsigned LEB128 of 32 bits. */
  integer(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.byte();
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    throw this.failure();
  }

  take(count: number): Uint8Array {
    const end = this.#at + count;
    if (end > this.bytes.length) throw this.failure();
    const taken = this.bytes.subarray(this.#at, end);
    this.#at = end;
    return taken;
  }
}
