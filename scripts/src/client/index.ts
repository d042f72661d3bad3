/** The client library: everything that the command line and the web app share. Runs in browsers and in Node. */
export * from "./amount.js";
export * from "./canonical-json.js";
export * from "./connection.js";
export * from "./contracts.js";
export * from "./events.js";
export * from "./failure.js";
export * from "./fees.js";
export * from "./network.js";
export * from "./sender.js";
export * from "./timeline.js";
export * from "./values.js";
