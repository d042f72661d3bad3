/** What registry answers say to people. */
import type { At, Prices, VersionResponse } from "../../client/generated/registry.js";

/** A moment that is reached in time and height. */
export function until({ time, height }: At): string {
  return `${new Date(Number(time) * 1000).toISOString()} and height ${height}`;
}

/** Prices in base units. */
export function prices({ per_call, per_kb, per_mfuel }: Prices): string {
  return `${per_call} per call, ${per_kb} per kB, ${per_mfuel} per million fuel`;
}

/** The rows of each task of a version: terms and prices now and to come. */
export function taskRows(version: VersionResponse): [string, string][] {
  const rows: [string, string][] = [];
  for (const [index, { name, price }] of version.manifest.tasks.entries()) {
    const terms = version.terms[index]?.toString() ?? "";
    rows.push([name, `terms ${terms}: ${prices(version.prices[index] ?? price)}`]);
    for (const next of version.announced.filter(({ task }) => task === index)) {
      rows.push(["", `terms ${next.terms.toString()}: ${prices(next.price)}, from ${until(next.from)} on`]);
    }
  }
  return rows;
}

/** Why a version should not, or cannot, be used; empty if nothing is known against it. */
export function warnings({
  version,
  yanked,
  deprecated,
}: Pick<VersionResponse, "version" | "yanked" | "deprecated">): string[] {
  const name = `version ${version.toString()}`;
  const found = yanked ? [`${name} is yanked: it takes no requests and no new runners`] : [];
  return deprecated === undefined || deprecated === null ? found : [...found, `${name} is deprecated: ${deprecated}`];
}
