/** `mesg service predict`: what the registry would do with a service.yaml, asked of the registry itself. */
import type { Command } from "commander";
import { table } from "../output.js";
import type { Runner } from "../program.js";
import { loadService } from "../service/file.js";
import { findService } from "../service/lookup.js";

export function addPredict(service: Command, run: Runner, file: string): void {
  service
    .command("predict")
    .description("asks the registry what publishing a service.yaml would give: digest, numbers, bonds, refusals")
    .argument("[file]", file, file)
    .action(
      run<[string]>(async (session, path) => {
        const loaded = loadService(path);
        const connection = await session.connect();
        const found = await findService(connection, loaded.file.sid);
        const asked = { service: found?.service ?? null, manifest: loaded.manifest };
        const predicted = await connection.query("registry", "predict_version", asked);
        const rows = [
          ["service", `${loaded.file.sid} (${found?.service.toString() ?? "not registered yet"})`],
          ["digest", predicted.digest ?? "none"],
          ["manifest", `${predicted.bytes.toString()} bytes of canonical JSON`],
          ["version", predicted.version?.toString() ?? predicted.published?.toString() ?? "none"],
          ["terms", predicted.terms.join(" ") || "none"],
          ["seat bond", `${predicted.seat_bond}, at least ${predicted.seat_bond_needed ?? "more than fits"}`],
          ["service bond", `at least ${predicted.service_bond_needed ?? "more than fits"} for requests`],
          ...predicted.refusals.map((refusal) => ["refused", refusal] as const),
        ] as const;
        session.output.result(table(rows), { sid: loaded.file.sid, service: asked.service, ...predicted });
      }),
    );
}
