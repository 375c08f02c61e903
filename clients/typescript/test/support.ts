import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { TestContext } from "node:test";

/** One thing a server does with a request. */
export type Act = (request: IncomingMessage, response: ServerResponse) => void;

export interface Scripted {
  baseUrl: string;
  seen: { method: string; url: string; key: string | undefined; authorization: string | undefined }[];
}

/** A server that does one act after the other. */
export async function scripted(context: TestContext, ...acts: Act[]): Promise<Scripted> {
  const seen: Scripted["seen"] = [];
  const server = createServer((request, response) => {
    const key = request.headers["idempotency-key"];
    seen.push({
      method: request.method ?? "",
      url: request.url ?? "",
      key: Array.isArray(key) ? key[0] : key,
      authorization: request.headers.authorization,
    });
    request.resume().on("end", () => (acts.shift() ?? fall)(request, response));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  context.after(() => server.close());
  return { baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

/** Hangs up without an answer. */
export const fall: Act = (request) => request.socket.destroy();

export function say(status: number, body: unknown, headers: Record<string, string> = {}): Act {
  return (_, response) => {
    const type = status < 400 ? "application/json" : "application/problem+json";
    response.writeHead(status, { "Content-Type": type, ...headers }).end(JSON.stringify(body));
  };
}
