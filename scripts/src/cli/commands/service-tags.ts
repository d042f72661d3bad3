/** `mesg service tags|list`: the words by which services are found. */
import type { Command } from "commander";
import type { ServiceResponse } from "../../client/generated/registry.js";
import { id, integer } from "../fields.js";
import { table } from "../output.js";
import type { Runner } from "../program.js";
import { requireService } from "../service/lookup.js";

interface ListOptions {
  tag?: string;
  after?: number;
  limit: number;
}

export function addTags(service: Command, run: Runner): void {
  service
    .command("tags")
    .description("replaces the tags of a service; none are named to remove them all")
    .argument("<sid>", "the service's name")
    .argument("[tags...]", "at most 8 lower-case DNS labels of at most 32 bytes")
    .action(
      run<[string, string[]]>(async (session, sid, tags) => {
        const connection = await session.connect();
        const { service: number } = await requireService(connection, sid);
        const sender = await session.sender();
        const message = sender.execute("registry", { set_tags: { service: number, tags } });
        const { tx } = await session.send(`tagging ${sid}`, [message]);
        const found = await requireService(connection, sid);
        const rows = [
          ["service", `${sid} (${number.toString()})`],
          ["tags", found.tags.join(" ") || "none"],
          ["tx", tx],
        ] as const;
        session.output.result(table(rows), { sid, service: number, tags: found.tags, tx });
      }),
    );
  service
    .command("list")
    .description("services by ascending number")
    .option("--tag <tag>", "only those with this tag")
    .option("--after <id>", "only those after this number", id)
    .option("--limit <n>", "how many at most", integer(1, 50), 50)
    .action(
      run<[ListOptions]>(async (session, { tag, after, limit }) => {
        const connection = await session.connect();
        const page = { start_after: after ?? null, limit };
        const { services } =
          tag === undefined
            ? await connection.query("registry", "services", page)
            : await connection.query("registry", "services_by_tag", { tag, ...page });
        const text = services.length === 0 ? "none" : table(services.map(line));
        session.output.result(text, { services });
      }),
    );
}

function line({ service, sid, status, name, tags }: ServiceResponse): [string, string] {
  const about = [status, ...tags.map((tag) => `#${tag}`), ...(name === undefined || name === null ? [] : [name])];
  return [`${service.toString()} ${sid}`, about.join(" ")];
}
