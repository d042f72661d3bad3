/** Puts a service on chain: registers it, publishes the version, tops up its bond. What is there already is left out. */
import type { EncodeObject } from "@cosmjs/proto-signing";
import { attribute, Failure, type Connection } from "../../client/index.js";
import type { ServiceFile } from "./schema.js";
import type { Session } from "../session.js";
import type { Service } from "./file.js";
import { findService, versionsOf } from "./lookup.js";

export interface Published {
  readonly sid: string;
  readonly service: number | null;
  readonly version: number | null;
  /** Terms of each task, in the manifest's order. */
  readonly terms: readonly number[];
  readonly digest: string;
  /** Service bond afterwards, in base units. */
  readonly bond: string;
  /** What was done, or would be. */
  readonly done: readonly string[];
  readonly txs: readonly string[];
}

export async function publish(session: Session, loaded: Service, dryRun: boolean): Promise<Published> {
  const publisher = new Publisher(session, loaded, await session.connect(), dryRun);
  return publisher.run();
}

class Publisher {
  readonly #done: string[] = [];
  readonly #txs: string[] = [];

  constructor(
    private readonly session: Session,
    private readonly loaded: Service,
    private readonly connection: Connection,
    private readonly dryRun: boolean,
  ) {}

  async run(): Promise<Published> {
    const { file, digest } = this.loaded;
    const service = await this.#service(file);
    const known = service === undefined ? undefined : await this.#knownVersion(service);
    const missing = await this.#missingBond(service);
    const messages = known === undefined ? [await this.#publishMessage(service)] : [];
    messages.push(...(await this.#tagsMessage(service, file)));
    if (missing > 0n) messages.push(await this.#bondMessage(service, missing));
    await this.#send(messages);
    const published = known ?? (service === undefined ? undefined : await this.#knownVersion(service));
    return {
      sid: file.sid,
      service: service ?? null,
      version: published?.version ?? null,
      terms: published?.terms ?? [],
      digest,
      bond: (await this.#bond(service)).toString(),
      done: this.#done,
      txs: this.#txs,
    };
  }

  /** The service's number; it is registered if it is new. */
  async #service({ sid, name, description, repository: url, tags }: ServiceFile): Promise<number | undefined> {
    const { address } = await this.session.wallet();
    const found = await findService(this.connection, sid);
    if (found !== undefined) {
      if (found.owner !== address)
        throw new Failure(`service "${sid}" is owned by ${found.owner}, the key is of ${address}`);
      if (found.status === "retired") throw new Failure(`service "${sid}" is retired, for ever`);
      return found.service;
    }
    const { registration_fee } = await this.connection.query("registry", "config", {});
    this.#done.push(`registered for ${await this.session.amount(registration_fee)}, which are burned`);
    if (this.dryRun) return undefined;
    const about = {
      ...(name && { name }),
      ...(description && { description }),
      ...(url && { url }),
      ...(tags && { tags }),
    };
    const hook = { register_service: { sid, ...about } };
    const sender = await this.session.sender();
    const message = sender.sendTokens("registry", BigInt(registration_fee), hook);
    const sent = await this.session.send(`registering ${sid} for ${await this.session.amount(registration_fee)}`, [
      message,
    ]);
    this.#txs.push(sent.tx);
    const registry = this.connection.address("registry");
    return Number(attribute(sent.events, "registry", registry, "service_registered", "service"));
  }

  async #knownVersion(service: number): Promise<{ version: number; terms: number[] } | undefined> {
    const versions = await versionsOf(this.connection, service);
    return versions.find(({ digest }) => digest === this.loaded.digest);
  }

  async #bond(service: number | undefined): Promise<bigint> {
    if (service === undefined) return 0n;
    const { bond } = await this.connection.query("execution-market", "service_bond", { service });
    return BigInt(bond);
  }

  async #missingBond(service: number | undefined): Promise<bigint> {
    const missing = this.loaded.serviceBond - (await this.#bond(service));
    return missing > 0n ? missing : 0n;
  }

  async #publishMessage(service: number | undefined): Promise<EncodeObject> {
    this.#done.push("version published");
    const sender = await this.session.sender();
    // Only a dry run comes here without a service.
    return sender.execute("registry", { publish_version: { service: service ?? 0, manifest: this.loaded.manifest } });
  }

  /** Sets the file's tags if the service has others; a file without the member leaves them as they are. */
  async #tagsMessage(service: number | undefined, { sid, tags }: ServiceFile): Promise<EncodeObject[]> {
    const found = service === undefined ? undefined : await findService(this.connection, sid);
    if (tags === undefined || found === undefined || found.tags.join(" ") === tags.join(" ")) return [];
    this.#done.push(`tagged ${tags.join(" ") || "with nothing"}`);
    const sender = await this.session.sender();
    return [sender.execute("registry", { set_tags: { service: found.service, tags } })];
  }

  async #bondMessage(service: number | undefined, amount: bigint): Promise<EncodeObject> {
    this.#done.push(`bonded ${await this.session.amount(amount)}`);
    const sender = await this.session.sender();
    return sender.sendTokens("execution-market", amount, { bond_service: { service: service ?? 0 } });
  }

  async #send(messages: EncodeObject[]): Promise<void> {
    if (this.dryRun || messages.length === 0) return;
    const { tx } = await this.session.send(`publishing ${this.loaded.digest}`, messages);
    this.#txs.push(tx);
  }
}
