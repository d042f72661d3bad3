#!/usr/bin/env node
// tools/wasm-locals.mjs FILE: fails if a function of the module has more than 100 locals besides its parameters. Chains refuse
// such code when it is stored (cosmwasm-vm); the compiler makes it where it inlines a lot into one function.
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import process from "node:process";

const MOST = 100;
const CODE = 10;

/** Reads the binary format from a place on. */
class Reader {
  constructor(bytes, at = 0) {
    this.bytes = bytes;
    this.at = at;
  }

  byte() {
    if (this.at >= this.bytes.length) throw new Error("the module ends early");
    return this.bytes[this.at++];
  }

  /** An unsigned LEB128 integer of 32 bits. */
  int() {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.byte();
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
  }

  skip(count) {
    this.at += count;
  }

  list(item) {
    return Array.from({ length: this.int() }, item);
  }
}

/** The section with the functions' code; without one, an empty list. */
function code(bytes) {
  if (bytes.length < 8 || bytes.readUInt32LE(0) !== 0x6d736100) throw new Error("no WebAssembly module");
  const reader = new Reader(bytes, 8);
  while (reader.at < bytes.length) {
    const number = reader.byte();
    const size = reader.int();
    if (number === CODE) return reader;
    reader.skip(size);
  }
  return new Reader(Uint8Array.of(0));
}

/** Locals of each function, in groups by their types. */
function locals(reader) {
  return reader.list(() => {
    const size = reader.int();
    const end = reader.at + size;
    const groups = reader.list(() => {
      const count = reader.int();
      reader.skip(1);
      return count;
    });
    reader.at = end;
    return groups.reduce((sum, count) => sum + count, 0);
  });
}

const [file] = process.argv.slice(2);
locals(code(readFileSync(file))).forEach((count, index) => {
  if (count <= MOST) return;
  const place = `${basename(file)}: function ${index} of those with code`;
  process.stderr.write(`${place} has ${count} locals, chains take ${MOST}\n`);
  process.exitCode = 1;
});
