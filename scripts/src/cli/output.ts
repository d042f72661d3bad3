/** What a command says: results on stdout, progress on stderr. With --json every line of stdout is one JSON object. */

export class Output {
  constructor(
    readonly json: boolean,
    private readonly stdout: (text: string) => void,
    private readonly stderr: (text: string) => void,
  ) {}

  /** A result: `text` for people, `data` with --json. */
  result(text: string, data: unknown): void {
    this.stdout(`${this.json ? JSON.stringify(data) : text}\n`);
  }

  /** What goes on meanwhile. */
  note(text: string): void {
    if (!this.json) this.stderr(`${text}\n`);
  }

  /** What went wrong. */
  failure(text: string): void {
    if (this.json) this.stdout(`${JSON.stringify({ error: text })}\n`);
    this.stderr(`mesg: ${text}\n`);
  }
}

/** Lines of "name  value" with the values under each other. */
export function table(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`).join("\n");
}
