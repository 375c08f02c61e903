// The generated types with the habits of the API around them.

import createClient, { type Client } from "openapi-fetch";

import { DEFAULT_RETRY, patient, type Retry } from "./retry.js";
import type { paths } from "./schema.js";

export interface Options {
  /** E.g. `https://crm.example.com`. */
  baseUrl: string;
  /** An access or API token, or a function that gives the current one. */
  token?: string | (() => string | undefined | Promise<string | undefined>) | undefined;
  /** Language of problems and labels; `pt-BR` unless told. */
  locale?: "pt-BR" | "en";
  /** How patient to be; what is left out stays as it is. */
  retry?: Partial<Retry>;
  fetch?: (request: Request) => Promise<Response>;
}

export type Conexao = Client<paths>;

/** A typed client: `client.GET("/api/v1/customers", …)`. */
export function conexao(options: Options): Conexao {
  const send = options.fetch ?? ((request: Request) => fetch(request));
  const client = createClient<paths>({
    baseUrl: options.baseUrl.replace(/\/+$/, ""),
    fetch: patient(send, { ...DEFAULT_RETRY, ...options.retry }),
    headers: { Accept: "application/json, */*", "Accept-Language": options.locale ?? "pt-BR" },
  });
  client.use({
    async onRequest({ request }) {
      const token = typeof options.token === "function" ? await options.token() : options.token;
      if (token !== undefined && !request.headers.has("Authorization")) {
        request.headers.set("Authorization", `Bearer ${token}`);
      }
      return request;
    },
  });
  return client;
}

/** The header that bases a write on a version: `If-Match`. */
export function ifMatch(record: { version?: number | null }): { "If-Match": string } {
  return { "If-Match": `"${record.version ?? 0}"` };
}
