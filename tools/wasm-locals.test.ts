import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import binaryen from "binaryen";
import { afterAll, expect, test } from "vitest";

const directory = mkdtempSync(join(tmpdir(), "wasm-locals-"));
afterAll(() => {
  rmSync(directory, { recursive: true });
});

const types = [binaryen.i32, binaryen.i64, binaryen.f64];
const some = (count: number): number[] => Array.from({ length: count }, (_, index) => types[index % 3] ?? binaryen.i32);

/** A module with an import and two functions, of which the second has so many parameters and locals. */
function module(parameters: number, locals: number): string {
  const made = new binaryen.Module();
  made.setMemory(1, 2);
  made.addFunctionImport("outside", "env", "outside", binaryen.createType(some(3)), binaryen.none);
  made.addFunction("small", binaryen.none, binaryen.none, [], made.nop());
  made.addFunction("large", binaryen.createType(some(parameters)), binaryen.none, some(locals), made.nop());
  const file = join(directory, `${String(parameters)}-${String(locals)}.wasm`);
  writeFileSync(file, made.emitBinary());
  return file;
}

function check(file: string): string {
  try {
    return execFileSync(process.execPath, ["tools/wasm-locals.mjs", file], { encoding: "utf8", stdio: "pipe" });
  } catch (error) {
    return (error as { stderr: string }).stderr;
  }
}

test("a hundred locals are taken, whatever the parameters", () => {
  expect(check(module(0, 100))).toBe("");
  expect(check(module(7, 100))).toBe("");
});

test("one more is refused, and told by the place of the function", () => {
  expect(check(module(0, 101))).toBe("0-101.wasm: function 1 of those with code has 101 locals, chains take 100\n");
  expect(check(module(7, 300))).toContain("has 300 locals");
});

test("what is no module is refused", () => {
  const file = join(directory, "text.wasm");
  writeFileSync(file, "no module");
  expect(check(file)).toContain("no WebAssembly module");
});
