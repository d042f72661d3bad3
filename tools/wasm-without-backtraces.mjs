#!/usr/bin/env node
// tools/wasm-without-backtraces.mjs IN OUT: empties the code that prints backtraces, about 20 KB of a contract.
//
// cosmwasm-std keeps a backtrace in each of its errors: on wasm always the disabled one, whose text no contract writes. But
// the printer with its demangler hangs on the error's vtable, so that no linker drops it. IN must have its names.
import { readFileSync, writeFileSync } from "node:fs";
import process from "node:process";
import binaryen from "binaryen";

const PRINTS = /3std9backtrace.*9BacktraceN.*3fmt(7Display|5Debug)3fmt$/;
const PRINTER = /rustc_demangle|backtrace_rs|3std9backtrace/;
// The crate that a generic function was made in comes last in its name: others use that same copy.
const MADE_IN = /(Cs[0-9A-Za-z]+_\d+[0-9a-z_]+|B[0-9A-Za-z]*_)$/;
// Every error drops its backtrace.
const DROP = /13drop_in_place/;
const isPrinter = (name) => !DROP.test(name) && PRINTER.test(name.replace(MADE_IN, ""));

const [from, to] = process.argv.slice(2);
const module = binaryen.readBinary(readFileSync(from));
module.setFeatures(binaryen.Features.MVP | binaryen.Features.SignExt | binaryen.Features.MutableGlobals);
for (let index = 0; index < module.getNumFunctions(); index++) {
  const code = module.getFunctionByIndex(index);
  const { name, base } = binaryen.getFunctionInfo(code);
  if (base) continue; // an import
  if (PRINTS.test(name))
    binaryen.Function.setBody(code, module.i32.const(0)); // fmt::Result: Ok, nothing written
  else if (isPrinter(name)) binaryen.Function.setBody(code, module.unreachable());
}
writeFileSync(to, module.emitBinary());
