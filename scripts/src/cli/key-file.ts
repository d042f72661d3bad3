/** Encrypted key files: a mnemonic under a passphrase, scrypt and AES-256-GCM. */
import { createCipheriv, createDecipheriv, randomBytes, scryptSync } from "node:crypto";
import { z } from "zod";
import { Failure } from "../client/index.js";

const TYPE = "mesg-key-1";
/** 128 MiB and a part of a second for each guess. */
const COST = { N: 2 ** 17, r: 8, p: 1, maxmem: 256 * 1024 * 1024 };

const schema = z.strictObject({
  type: z.literal(TYPE),
  salt: z.base64(),
  nonce: z.base64(),
  ciphertext: z.base64(),
  tag: z.base64(),
});

/** The text of a key file. */
export function encryptKey(mnemonic: string, passphrase: string): string {
  const salt = randomBytes(16);
  const nonce = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", keyOf(passphrase, salt), nonce);
  cipher.setAAD(Buffer.from(TYPE));
  const ciphertext = Buffer.concat([cipher.update(mnemonic, "utf8"), cipher.final()]);
  const parts = { salt, nonce, ciphertext, tag: cipher.getAuthTag() };
  const encoded = Object.entries(parts).map(([name, bytes]) => [name, bytes.toString("base64")] as const);
  return `${JSON.stringify({ type: TYPE, ...Object.fromEntries(encoded) })}\n`;
}

/** The mnemonic in a key file; `name` is what its refusal says. */
export function decryptKey(text: string, passphrase: string, name: string): string {
  const file = parse(text);
  if (file === undefined) throw new Failure(`${name} is not a key file of mesg key save`);
  const bytes = (encoded: string): Buffer => Buffer.from(encoded, "base64");
  try {
    const key = keyOf(passphrase, bytes(file.salt));
    const decipher = createDecipheriv("aes-256-gcm", key, bytes(file.nonce), { authTagLength: 16 });
    decipher.setAAD(Buffer.from(TYPE)).setAuthTag(bytes(file.tag));
    return Buffer.concat([decipher.update(bytes(file.ciphertext)), decipher.final()]).toString("utf8");
  } catch {
    throw new Failure(`${name} cannot be decrypted: the passphrase is wrong, or the file was changed`);
  }
}

function parse(text: string): z.output<typeof schema> | undefined {
  try {
    return schema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

function keyOf(passphrase: string, salt: Buffer): Buffer {
  return scryptSync(passphrase.normalize("NFKC"), salt, 32, COST);
}
