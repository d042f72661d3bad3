#!/usr/bin/env node
// tools/wasm-locals.mjs FILE: fails if a function of the module has more than 100 parameters and locals. Chains refuse such
// code when it is stored; the compiler makes it where it inlines a lot into one function.
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import process from "node:process";

const MOST = 100;
const SECTION = { types: 1, imports: 2, functions: 3, code: 10 };
const IMPORTED = { function: 0, table: 1, memory: 2, global: 3 };

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

/** Gives a section by its number; an empty list for one that is not there. */
function sections(bytes) {
  const reader = new Reader(bytes);
  if (bytes.readUInt32LE(0) !== 0x6d736100) throw new Error("no WebAssembly module");
  reader.skip(8);
  const found = new Map();
  while (reader.at < bytes.length) {
    const number = reader.byte();
    const size = reader.int();
    found.set(number, bytes.subarray(reader.at, reader.at + size));
    reader.skip(size);
  }
  return (number) => new Reader(found.get(number) ?? Uint8Array.of(0));
}

/** Parameters of each function type. */
function parameters(reader) {
  return reader.list(() => {
    reader.skip(1);
    const count = reader.int();
    reader.skip(count);
    reader.skip(reader.int());
    return count;
  });
}

function limits(reader) {
  if (reader.byte() === 1) reader.int();
  reader.int();
}

/** How many functions come from outside: they have the first numbers. */
function importedFunctions(reader) {
  const kinds = reader.list(() => {
    reader.skip(reader.int());
    reader.skip(reader.int());
    const kind = reader.byte();
    if (kind === IMPORTED.function) reader.int();
    else if (kind === IMPORTED.table) (reader.skip(1), limits(reader));
    else if (kind === IMPORTED.memory) limits(reader);
    else reader.skip(2);
    return kind;
  });
  return kinds.filter((kind) => kind === IMPORTED.function).length;
}

/** Locals of each function that has code. */
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
const section = sections(readFileSync(file));
const parametersOf = parameters(section(SECTION.types));
const first = importedFunctions(section(SECTION.imports));
const functions = section(SECTION.functions);
const typeOf = functions.list(() => functions.int());
locals(section(SECTION.code)).forEach((count, index) => {
  const all = parametersOf[typeOf[index]] + count;
  if (all <= MOST) return;
  const place = `${basename(file)}: function ${first + index}`;
  process.stderr.write(`${place} has ${all} parameters and locals, chains take ${MOST}\n`);
  process.exitCode = 1;
});
