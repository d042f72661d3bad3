/** Services, versions and tasks on chain. */
import { Failure, type Connection } from "../../client/index.js";
import type { ServiceResponse, Task, VersionResponse, VersionSummary } from "../../client/generated/registry.js";

/** The service of this name, if there is one. */
export async function findService(connection: Connection, sid: string): Promise<ServiceResponse | undefined> {
  try {
    return await connection.query("registry", "service_by_sid", { sid });
  } catch (error) {
    if (error instanceof Error && error.message.includes("there is no service")) return undefined;
    throw error;
  }
}

export async function requireService(connection: Connection, sid: string): Promise<ServiceResponse> {
  const service = await findService(connection, sid);
  if (service === undefined) throw new Failure(`there is no service "${sid}" on ${connection.network.chain.chain_id}`);
  return service;
}

/** All versions of a service, oldest first. */
export async function versionsOf(connection: Connection, service: number): Promise<VersionSummary[]> {
  const all: VersionSummary[] = [];
  for (;;) {
    const start_after = all.at(-1)?.version ?? null;
    const { versions } = await connection.query("registry", "versions", { service, start_after, limit: 50 });
    all.push(...versions);
    if (versions.length < 50) return all;
  }
}

/** A version of a service: the latest one unless `wanted` says otherwise. */
export async function versionOf(
  connection: Connection,
  service: ServiceResponse,
  wanted: number | undefined,
): Promise<VersionResponse> {
  const number = wanted ?? service.latest;
  if (number === undefined || number === null)
    throw new Failure(`service "${service.sid}" has no version, or all are yanked`);
  const version = await connection.query("registry", "version", { version: number });
  if (version.service !== service.service) {
    throw new Failure(
      `version ${number.toString()} is of service ${version.service.toString()}, not of "${service.sid}"`,
    );
  }
  return version;
}

/** A task of a version and the number of its terms. */
export function taskOf({ manifest, terms }: VersionResponse, name: string): { task: Task; terms: number } {
  const index = manifest.tasks.findIndex((task) => task.name === name);
  const task = manifest.tasks[index];
  const row = terms[index];
  if (task !== undefined && row !== undefined) return { task, terms: row };
  throw new Failure(`there is no task "${name}", there are: ${manifest.tasks.map((one) => one.name).join(" ")}`);
}
