import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["localnet/test/**/*.test.ts", "scripts/test/**/*.test.ts", "scripts/src/**/*.test.ts", "tools/*.test.ts"],
    // A pairing in JavaScript takes its time on a busy machine; nothing here depends on how long.
    testTimeout: 60_000,
  },
});
