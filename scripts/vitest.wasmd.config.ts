import { defineConfig } from "vitest/config";

/** The command line against a real node: MESG_NODE and MESG_BEACON say where its RPC and its beacon are. */
export default defineConfig({
  test: {
    include: ["scripts/wasmd/**/*.test.ts"],
    testTimeout: 180_000,
    // Each step builds on those before.
    bail: 1,
  },
});
