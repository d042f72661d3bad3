/**
 * `npm run generate -w scripts [-- --check]`: writes the interface of every contract that has a schema binary to
 * scripts/generated/NAME.json and its types to src/client/generated/NAME.ts. With --check nothing is written: what would change
 * is named, and the exit code is 1.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Idl } from "./idl.js";
import { typescript } from "./typescript.js";

const root = new URL("../../", import.meta.url).pathname;
const check = process.argv.includes("--check");
let stale = 0;

for (const name of readdirSync(join(root, "contracts"))) {
  if (!existsSync(join(root, "contracts", name, "src/bin/schema.rs"))) continue;
  const idl = interfaceOf(name);
  put(join("scripts/generated", `${name}.json`), `${JSON.stringify(idl, undefined, 2)}\n`);
  put(join("scripts/src/client/generated", `${name}.ts`), typescript(idl));
}
process.exitCode = stale > 0 ? 1 : 0;

/** Runs the contract's schema binary, which writes into the directory that it is started in. */
function interfaceOf(name: string): Idl {
  const out = mkdtempSync(join(tmpdir(), "mesg-schema-"));
  try {
    const args = ["run", "--quiet", "--locked", "--manifest-path", join(root, "Cargo.toml"), "-p", `mesg-${name}`];
    const { status, stderr } = spawnSync("cargo", [...args, "--bin", "schema"], { cwd: out, encoding: "utf8" });
    if (status !== 0) throw new Error(`the schema of mesg-${name} could not be made:\n${stderr}`);
    const file = readdirSync(join(out, "schema")).find((entry) => entry.endsWith(".json"));
    return JSON.parse(readFileSync(join(out, "schema", file ?? ""), "utf8")) as Idl;
  } finally {
    rmSync(out, { recursive: true });
  }
}

function put(path: string, text: string): void {
  const file = join(root, path);
  if (existsSync(file) && readFileSync(file, "utf8") === text) return;
  stale += check ? 1 : 0;
  console.log(`${check ? "out of date" : "written"}: ${path}`);
  if (check) return;
  mkdirSync(join(file, ".."), { recursive: true });
  writeFileSync(file, text);
}
