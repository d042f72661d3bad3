/** `main.ts --home DIR --port N [--period SECONDS] [--genesis UNIX_SECONDS] [--key FILE]`: the local network's beacon. */
import { parseArgs } from "node:util";
import { numberOption } from "../options.js";
import { serve } from "../http.js";
import { chainInfo } from "./chain.js";
import { openBeacon } from "./home.js";
import { answer } from "./routes.js";

const { values } = parseArgs({
  options: {
    home: { type: "string" },
    port: { type: "string" },
    period: { type: "string", default: "3" },
    genesis: { type: "string" },
    key: { type: "string" },
  },
});
if (values.home === undefined) throw new Error("--home is missing");

const now = (): number => Date.now() / 1000;
const beacon = openBeacon(values.home, {
  period: numberOption("period", values.period, 1, 3600),
  genesisTime: values.genesis === undefined ? Math.floor(now()) : numberOption("genesis", values.genesis, 1, 2 ** 40),
  keyFile: values.key,
});
await serve(numberOption("port", values.port, 1, 65535), (method, path) =>
  method === "GET" ? answer(beacon, path, now()) : { status: 405, body: { error: `${method} is not supported` } },
);
console.log(JSON.stringify({ message: "beacon is up", ...chainInfo(beacon.parameters) }));
