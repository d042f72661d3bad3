/** Passphrases from the environment variable MESG_PASSPHRASE or the terminal. */
import { createWriteStream, openSync } from "node:fs";
import { ReadStream } from "node:tty";
import { Failure } from "../client/index.js";

/** Asks on the terminal, without showing what is typed, unless the environment has the answer. */
export async function askPassphrase(prompt: string): Promise<string> {
  const given = process.env.MESG_PASSPHRASE;
  if (given !== undefined) return given;
  if (!process.stdin.isTTY) throw new Failure("a passphrase is needed: set MESG_PASSPHRASE or use a terminal", "usage");
  const input = new ReadStream(openSync("/dev/tty", "r"));
  const output = createWriteStream("/dev/tty");
  output.write(prompt);
  input.setRawMode(true);
  try {
    return await readLine(input);
  } finally {
    input.setRawMode(false);
    input.destroy();
    output.end("\n");
  }
}

/** A line from a terminal in raw mode, in which Ctrl-C and backspace are ours to handle. */
function readLine(input: ReadStream): Promise<string> {
  return new Promise((resolve, reject) => {
    let line = "";
    input.on("data", (chunk: Buffer) => {
      for (const letter of chunk.toString("utf8")) {
        if (letter === "\r" || letter === "\n") resolve(line);
        else if (letter === "\u0003") reject(new Failure("interrupted"));
        else if (letter === "\u007f") line = line.slice(0, -1);
        else line += letter;
      }
    });
  });
}
