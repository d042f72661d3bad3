/** What went wrong, in one sentence. */

/** `failed`: refused by a contract, the chain or a check (exit code 1). `usage`: the command was not understood (exit code 2). */
export type FailureKind = "failed" | "usage";

export class Failure extends Error {
  constructor(
    message: string,
    readonly kind: FailureKind = "failed",
  ) {
    super(message);
    this.name = "Failure";
  }
}

/** The sentence for whatever was thrown. */
export function sentence(error: unknown): string {
  if (error instanceof AggregateError) return sentence(error.errors[0]);
  if (!(error instanceof Error)) return String(error);
  if (error instanceof Failure) return error.message;
  const cause = error.cause instanceof Error || error.cause instanceof AggregateError ? error.cause : undefined;
  if (error.message === "fetch failed" && cause !== undefined) return sentence(cause);
  return chainSentence(error.message);
}

/** The part of a node's error that says why: without its layers, source positions and gas. */
export function chainSentence(raw: string): string {
  const text = rpcData(raw).replace(/\s+/g, " ").trim();
  const contract =
    /(?:failed to execute message; message index: \d+: )(.*?)(?:: (?:instantiate|execute|migrate) wasm contract failed|$)/.exec(
      text,
    );
  const found = (contract?.[1] ?? text)
    .replace(/^(?:Broadcasting|Query failed|Error when).*? (?:Code|with) \(?\d+\)?[^:]*: /, "")
    .replace(/^rpc error: code = \w+ desc = /, "")
    .replace(/: (?:query|instantiate|execute|migrate) wasm contract failed.*$/, "")
    .replace(/ \[[^[\]]*\.go:\d+\].*$/, "")
    .replace(/^dispatch: submessages: /, "")
    .replace(/ with gas (?:used|wanted): .*$/, "");
  return REWORDED.reduce((result, [pattern, words]) => result.replace(pattern, words), found);
}

/** What a JSON-RPC error says in its data, if it is one. */
function rpcData(raw: string): string {
  try {
    const { data, message } = JSON.parse(raw) as { data?: unknown; message?: unknown };
    return typeof data === "string" && data !== "" ? data : typeof message === "string" ? message : raw;
  } catch {
    return raw;
  }
}

/** Errors of the chain itself in words that say what to do. */
const REWORDED: readonly (readonly [RegExp, string])[] = [
  // cw20-base says no more than this.
  [/^Overflow: Cannot Sub with given operands$/, "the account has fewer tokens than this takes: see mesg balance"],
  [
    /^.*spendable balance (\d*)(\w+) is smaller than (\d+)\w*.*$/,
    "the account has $1 $2 for gas, $3 are needed: get some from the network's faucet",
  ],
  [/^.*Account '(\w+)' does not exist on chain.*$/, "$1 has never received anything, so it cannot pay for gas"],
  [/^.*account (\w+) not found.*$/, "$1 has never received anything, so it cannot pay for gas"],
  [/^connect ECONNREFUSED (.*)$/, "nothing listens on $1"],
  [/^.*no such contract.*?(\w+1\w{38,}).*$/, "there is no contract at $1 on this chain: run mesg deploy"],
];
