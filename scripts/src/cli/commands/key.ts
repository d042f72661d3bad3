/** `mesg key …` */
import { Bip39, Random } from "@cosmjs/crypto";
import { toHex } from "@cosmjs/encoding";
import type { Command } from "commander";
import { existsSync, writeFileSync } from "node:fs";
import { Failure } from "../../client/index.js";
import { encryptKey } from "../key-file.js";
import { requireWallet, walletOf } from "../keys.js";
import { table } from "../output.js";
import { askPassphrase } from "../passphrase.js";
import { integer } from "../fields.js";
import type { Runner } from "../program.js";

export function addKey(program: Command, run: Runner): void {
  const key = program.command("key").description("keys of accounts and runners");
  key
    .command("show")
    .description("the address and the public attestation key of the chosen key")
    .option("--key-no <number>", "number of the attestation key; a runner's first one is 0", integer(0, 255), 0)
    .action(
      run<[{ keyNo: number }]>(async (session, { keyNo }) => {
        const { address, attestationKey } = await requireWallet(session.options, session.network.chain);
        const attestation_key = toHex(await attestationKey(keyNo));
        session.output.result(
          table([
            ["address", address],
            [`attestation key ${keyNo.toString()}`, attestation_key],
          ]),
          { address, attestation_key },
        );
      }),
    );
  key
    .command("save")
    .description(
      "encrypts the key of MESG_MNEMONIC, or a new one, into a file; MESG_PASSPHRASE or the terminal has the passphrase",
    )
    .argument("<file>", "file to make")
    .option("--new", "makes a new key of 24 words")
    .action(
      run<[string, { new?: boolean }]>(async (session, file, options) => {
        const { chain } = session.network;
        if (existsSync(file)) throw new Failure(`${file} exists already, and keys are never overwritten`);
        const mnemonic =
          options.new === true ? Bip39.encode(Random.getBytes(32)).toString() : process.env.MESG_MNEMONIC;
        if (mnemonic === undefined) throw new Failure("set MESG_MNEMONIC, or make a new key with --new", "usage");
        const { address } = await walletOf(mnemonic, chain, "MESG_MNEMONIC");
        const passphrase = await askPassphrase(`New passphrase of ${file}: `);
        if (passphrase.length < 8)
          throw new Failure(`the passphrase has ${passphrase.length.toString()} characters, must have at least 8`);
        writeFileSync(file, encryptKey(mnemonic.trim(), passphrase), { mode: 0o600, flag: "wx" });
        session.output.result(`${address} is in ${file}`, { address, file });
      }),
    );
}
