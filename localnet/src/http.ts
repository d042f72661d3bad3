/** A small JSON server on the loopback interface, open to every origin as the node's own endpoints are. */
import { createServer, type IncomingMessage, type Server } from "node:http";

/** `body` is sent as JSON, a string as plain text. */
export interface Reply {
  readonly status: number;
  readonly body: unknown;
}

/** The body of the request, "" if it has none. */
export type Handler = (method: string, path: string, body: string) => Reply | Promise<Reply>;

const MAX_BODY_BYTES = 10_000;

/** Listens on 127.0.0.1:`port` until the process is asked to end. */
export async function serve(port: number, handler: Handler): Promise<Server> {
  const server = createServer((request, response) => {
    void reply(request, handler).then(({ status, body }) => {
      const text = typeof body === "string";
      response.writeHead(status, {
        "content-type": text ? "text/plain; charset=utf-8" : "application/json",
        "access-control-allow-origin": "*",
        "access-control-allow-headers": "content-type",
        "access-control-allow-methods": "GET, POST, OPTIONS",
      });
      response.end(text ? body : JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  const end = (): void => {
    server.close();
    server.closeAllConnections();
  };
  process.once("SIGTERM", end).once("SIGINT", end);
  return server;
}

async function reply(request: IncomingMessage, handler: Handler): Promise<Reply> {
  const method = request.method ?? "GET";
  if (method === "OPTIONS") return { status: 200, body: "" };
  try {
    const path = new URL(request.url ?? "/", "http://localhost").pathname;
    const body = await readBody(request);
    if (body === undefined) return { status: 413, body: `The body may have ${MAX_BODY_BYTES.toString()} bytes` };
    return await handler(method, path, body);
  } catch (error) {
    console.error(error);
    return { status: 500, body: "Internal error, see the log" };
  }
}

async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MAX_BODY_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
