/** One line for each thing that happens to an execution: time, execution, height, what, actor, transaction, gas. */
import { formatAmount, type TimelineItem, type Unit } from "../client/index.js";

export type Names = (kind: "runner" | "address", id: string) => string;

export function line(item: TimelineItem, unit: Unit, names: Names): string {
  const { time, height, sender, tx, gas_used, attributes } = item;
  const head = `${time.slice(11, 19)}  #${attributes.execution ?? "?"}  ${height.toString().padStart(5)}`;
  const what = `${item.name.padEnd(16)} ${describe(item, unit, names)}`;
  return `${head}  ${what.padEnd(80)}  ${names("address", sender).padEnd(10)} ${tx.slice(0, 8)}  ${gas_used.toString().padStart(7)} gas`;
}

function describe({ name, attributes: a }: TimelineItem, unit: Unit, names: Names): string {
  const money = (text: string | undefined) => formatAmount(text ?? "0", unit);
  const runners = (text: string | undefined) => (text ?? "").split(",").filter(Boolean).join(" ");
  switch (name) {
    case "requested":
      return `escrow ${money(a.escrow)}, ${a.round === "0" ? "the own runner executes" : `bound to beacon round ${a.round ?? ""}`}`;
    case "bound_again":
      return `to beacon round ${a.round ?? ""}`;
    case "seated":
      return `runners ${runners(a.seats)} ${a.escalation === "0" ? "to execute" : `for${round(a.escalation)}`}, spares ${runners(a.spares) || "none"}`;
    case "sealed":
      return `runner ${a.runner ?? ""} is bound by ${short(a.seal)}`;
    case "opened":
      return `runner ${a.runner ?? ""} shows value ${short(a.value)}`;
    case "entered":
      return `${a.phase ?? ""}${round(a.escalation)}${a.until === "0" ? "" : `, until ${clock(a.until)}`}`;
    case "published":
      if (a.kind === INVALID) return "the judges refuse the result";
      return `${a.output_len ?? ""} bytes, sha256 ${short(a.output)}, ${a.mfuel ?? ""} Mfuel`;
    case "result_posted":
      return `runner ${a.runner ?? ""} shows ${a.output_len ?? ""} bytes, sha256 ${short(a.output)}`;
    case "certified":
      return `every seat of${round(a.escalation)} showed one value`;
    case "declined":
      return `runner ${a.runner ?? ""} gives its seat up: ${DECLINES[Number(a.code)] ?? ""}`;
    case "challenged":
      return `${names("address", a.challenger ?? "")} doubts the value, bond ${money(a.bond)}`;
    case "challenge_closed":
      return `${VERDICTS[a.right ?? ""] ?? ""}: ${money(a.amount)} to the challenger`;
    case "slashed":
      return `runner ${a.runner ?? ""}, ${(a.offence ?? "").replaceAll("_", " ")}: ${money(a.amount)}`;
    case "refilled":
      return `${runners(a.joined)} joined`;
    case "paid":
      return `runner ${a.runner ?? ""} earns ${money(a.amount)}`;
    case "tipped":
      return `${names("address", a.account ?? "")} for ${a.act ?? ""}: ${money(a.amount)}`;
    case "item_refused":
      return a.code ?? "";
    case "ended":
      return `${[a.outcome, a.reason].filter(Boolean).join(": ")}, ${money(a.user)} back to the user`;
    default:
      return "";
  }
}

const DECLINES = ["", "unavailable", "machine", "stopping"];
/** Number of the kind of value that refuses a result. */
const INVALID = "3";
const VERDICTS: Readonly<Record<string, string>> = { true: "right", false: "wrong", "": "no verdict" };

/** " round 2"; nothing where there is none. */
function round(escalation: string | undefined): string {
  return escalation === undefined || escalation === "0" ? "" : ` round ${escalation}`;
}

function short(text: string | undefined): string {
  return `${(text ?? "").slice(0, 12)}…`;
}

function clock(seconds: string | undefined): string {
  return new Date(Number(seconds ?? "0") * 1000).toISOString().slice(11, 19);
}
