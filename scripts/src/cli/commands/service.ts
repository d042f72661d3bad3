/** `mesg service …` */
import type { Command } from "commander";
import { existsSync } from "node:fs";
import { Failure } from "../../client/index.js";
import type { ServiceResponse } from "../../client/generated/registry.js";
import { integer, id, collect } from "../fields.js";
import { table } from "../output.js";
import type { Runner } from "../program.js";
import { loadService, type Service } from "../service/file.js";
import { requireService, versionOf, versionsOf } from "../service/lookup.js";
import { publish } from "../service/publish.js";
import { writeTemplate } from "../service/template.js";
import { taskRows, until, warnings } from "../service/text.js";
import { addOwner } from "./service-owner.js";
import { addPredict } from "./service-predict.js";
import { addPrice } from "./service-price.js";
import { addStanding } from "./service-standing.js";
import { addTags } from "./service-tags.js";
import { addVersion } from "./service-version.js";

const FILE = "service.yaml";

interface PublishOptions {
  tChallenge?: number;
  source?: string[];
  dryRun?: boolean;
}

export function addService(program: Command, run: Runner): void {
  const service = program.command("service").description("services: write, check, publish, look at");
  service
    .command("init")
    .description("writes a service.yaml to start from")
    .argument("<sid>", "the service's name, a lower-case DNS label")
    .option("--component <file>", "the WebAssembly component", "component.wasm")
    .option("--out <file>", "file to write", FILE)
    .action(
      run<[string, { component: string; out: string }]>((session, sid, { component, out }) => {
        if (existsSync(out)) throw new Failure(`${out} exists already`);
        const digest = writeTemplate(sid, component, out);
        session.output.result(`${out} is written; edit it, then run mesg service validate ${out}`, {
          file: out,
          sid,
          component: digest,
        });
      }),
    );
  service
    .command("validate")
    .description("checks a service.yaml and its component as the registry will")
    .argument("[file]", FILE, FILE)
    .action(
      run<[string]>((session, file) => {
        const loaded = loadService(file);
        session.output.result(summary(loaded), described(loaded));
      }),
    );
  service
    .command("publish")
    .description(
      "publishes a service.yaml: registers the service if it is new, adds the version if it is new, tops up its bond",
    )
    .argument("[file]", FILE, FILE)
    .option("--t-challenge <seconds>", "challenge window of every task, instead of the file's", integer(0, 86_400))
    .option(
      "--source <locator>",
      "where runners find the component, instead of the file's; may be repeated",
      collect(String),
    )
    .option("--dry-run", "prints the manifest that would be published, and nothing more")
    .action(
      run<[string, PublishOptions]>(async (session, file, options) => {
        const loaded = loadService(file, { tChallenge: options.tChallenge, sources: options.source });
        session.output.note(options.dryRun === true ? `${loaded.json}\n${summary(loaded)}` : summary(loaded));
        const result = await publish(session, loaded, options.dryRun === true);
        const rows = [
          ["service", `${result.sid} (${result.service?.toString() ?? "not yet"})`],
          ["version", result.version?.toString() ?? "not yet"],
          ["terms", result.terms.join(" ")],
          ["digest", result.digest],
          ["service bond", await session.amount(result.bond)],
          ["done", result.done.join(", ") || "nothing: everything is there"],
        ] as const;
        session.output.result(table(rows), result);
      }),
    );
  addPredict(service, run, FILE);
  addPrice(service, run);
  addVersion(service, run);
  addTags(service, run);
  addOwner(service, run);
  addStanding(service, run);
  service
    .command("show")
    .description("a service, its versions and the manifest of one")
    .argument("<sid>", "the service's name")
    .option("--version-id <id>", "another version than the latest", id)
    .action(
      run<[string, { versionId?: number }]>(async (session, sid, options) => {
        const connection = await session.connect();
        const found = await requireService(connection, sid);
        const versions = await versionsOf(connection, found.service);
        const version = versions.length === 0 ? undefined : await versionOf(connection, found, options.versionId);
        const bond = await connection.query("execution-market", "service_bond", { service: found.service });
        const rows = [
          ["service", `${found.sid} (${found.service.toString()}), ${found.status}`],
          ["owner", found.owner],
          ...offered(found),
          ["tags", found.tags.join(" ") || "none"],
          ["bond", await session.amount(bond.bond)],
          ["versions", versions.map(({ version: number }) => number.toString()).join(" ") || "none"],
          ...versions.flatMap(warnings).map((warning) => ["warning", warning] as const),
          ...(version === undefined ? [] : taskRows(version)),
        ] as const;
        const manifest = version === undefined ? "" : `\n${JSON.stringify(version, undefined, 2)}`;
        session.output.result(`${table(rows)}${manifest}`, { ...found, bond: bond.bond, versions, version });
      }),
    );
}

function offered({ proposed_owner }: ServiceResponse): [string, string][] {
  const offer = proposed_owner ?? undefined;
  return offer === undefined ? [] : [["offered to", `${offer.owner}, until ${until(offer.until)}`]];
}

function described({ file, manifest, digest, serviceBond }: Service): object {
  return { sid: file.sid, digest, service_bond: serviceBond.toString(), manifest };
}

function summary({ file, manifest, json, digest, serviceBond }: Service): string {
  return table([
    ["sid", file.sid],
    ["tasks", manifest.tasks.map(({ name }) => name).join(" ")],
    ["component", `${manifest.component.sha256}, ${manifest.component.size.toString()} bytes`],
    ["manifest", `${Buffer.byteLength(json).toString()} bytes of canonical JSON`],
    ["digest", digest],
    ["service bond", `at least ${serviceBond.toString()} base units`],
  ]);
}
