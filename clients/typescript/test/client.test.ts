import assert from "node:assert/strict";
import { test } from "node:test";

import { conexao, ifMatch, items, ProblemError, unwrap } from "../src/index.js";
import { fall, say, scripted } from "./support.js";

const retry = { pause: 5 };
const ana = { id: "018f", version: 1, name: "Ana" };

test("a lost answer is asked for again under the same key", async (t) => {
  const { baseUrl, seen } = await scripted(t, fall, say(409, { code: "in_progress" }), say(201, ana));
  const client = conexao({ baseUrl, token: () => "secret", retry });
  const made = await unwrap(client.POST("/api/v1/customers", { body: { name: "Ana" } }));
  assert.equal(made.name, "Ana");
  assert.equal(seen.length, 3);
  assert.equal(new Set(seen.map((call) => call.key)).size, 1);
  assert.match(seen[0]?.key ?? "", /^[0-9a-f-]{36}$/);
  assert.equal(seen[0]?.authorization, "Bearer secret");
});

test("gone is gone, whichever attempt did it", async (t) => {
  const missing = say(404, { code: "not_found" });
  const { baseUrl, seen } = await scripted(t, fall, missing, missing);
  const client = conexao({ baseUrl, retry });
  const path = { params: { path: { id: "018f" }, header: ifMatch(ana) } };
  const { response } = await client.DELETE("/api/v1/customers/{id}", path);
  assert.equal(response.status, 204);
  await assert.rejects(unwrap(client.DELETE("/api/v1/customers/{id}", path)), { code: "not_found" });
  assert.equal(seen.length, 3);
});

test("what the server would not recognise is not repeated", async (t) => {
  const { baseUrl, seen } = await scripted(t, fall, say(200, {}));
  const client = conexao({ baseUrl, retry });
  const login = client.POST("/api/v1/auth/login", { body: { email: "a", password: "b" } });
  await assert.rejects(login, TypeError);
  assert.equal(seen.length, 1);
  assert.equal(seen[0]?.key, undefined);
});

test("the rate limit is waited for, within reason", async (t) => {
  const limited = (seconds: string) => say(429, { code: "too_many_requests" }, { "Retry-After": seconds });
  const { baseUrl, seen } = await scripted(t, limited("0"), say(200, { items: [ana] }), limited("3600"));
  const client = conexao({ baseUrl, retry });
  assert.equal((await unwrap(client.GET("/api/v1/customers"))).items?.[0]?.name, "Ana");
  await assert.rejects(unwrap(client.GET("/api/v1/customers")), { status: 429, code: "too_many_requests" });
  assert.equal(seen.length, 3);
});

test("a problem says which value and why", async (t) => {
  const errors = [{ field: "name", code: "required", message: "Falta." }];
  const problem = { code: "validation", title: "Há valores inválidos.", status: 422, request_id: "r1", errors };
  const { baseUrl } = await scripted(t, say(422, problem));
  const client = conexao({ baseUrl, retry });
  const path = { params: { path: { id: "018f" }, header: ifMatch(ana) }, body: { name: "" } };
  const refused: unknown = await unwrap(client.PATCH("/api/v1/customers/{id}", path)).catch((error: unknown) => error);
  assert.ok(refused instanceof ProblemError);
  assert.equal(refused.field("name"), "Falta.");
  assert.equal(refused.requestId, "r1");
  assert.equal(refused.message, "Há valores inválidos.");
});

test("all pages are one sequence", async (t) => {
  const first = say(200, { items: [ana, { ...ana, name: "Bento" }], next: "c1" });
  const { baseUrl, seen } = await scripted(t, first, say(200, { items: [{ ...ana, name: "Clara" }], next: null }));
  const client = conexao({ baseUrl, retry });
  const names: (string | undefined)[] = [];
  for await (const customer of items(client, "/api/v1/customers", { "filter[status]": "active" })) {
    names.push(customer.name);
  }
  assert.deepEqual(names, ["Ana", "Bento", "Clara"]);
  assert.equal(seen[1]?.url, "/api/v1/customers?filter[status]=active&after=c1");
});
