import { createHmac } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";

import { axe } from "../support/axe.ts";
import { expect, test } from "../support/fixtures.ts";
import { pick } from "../support/form.ts";
import { open } from "../support/login.ts";
import { word } from "../support/people.ts";

test("a token is shown once, does what it may, is counted and ends", { tag: ["@dark"] }, async ({
  page,
  request,
  baseURL,
}) => {
  const name = `Integração ${word()}`;
  await open(page, "/tokens/novo");
  await page.getByRole("textbox", { name: "Nome", exact: true }).fill(name);
  const matrix = page.getByRole("region", { name: "Permissões por recurso" });
  await matrix.getByRole("combobox", { name: "Clientes: Ver" }).selectOption("Todos os registros");
  await axe(page);
  await page.getByRole("button", { name: /^Criar Ctrl/ }).click();
  await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
  const secret = (await page.locator("[data-secret]").textContent()) ?? "";
  expect(secret).toMatch(/^cnx_/);
  await axe(page);

  const ask = (path: string) =>
    request.get(`${baseURL}/api/v1${path}`, { headers: { authorization: `Bearer ${secret}` } });
  const good = await ask("/customers?limit=1");
  expect(good.status()).toBe(200);
  expect(good.headers()["ratelimit-limit"]).toMatch(/^\d+$/);
  expect((await ask("/warranties?limit=1")).status()).toBe(403);

  await page.reload();
  await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
  await expect(page.locator("[data-secret]")).toHaveCount(0);
  await pick(page, "Mais ações", "Revogar");
  await page.getByRole("alertdialog").getByRole("button", { name: "Revogar" }).click();
  await expect(page.getByText("Revogado").filter({ visible: true }).first()).toBeVisible();
  await expect.poll(async () => (await ask("/customers?limit=1")).status()).toBe(401);
});

/** What was sent to us. */
interface Call {
  body: string;
  headers: IncomingMessage["headers"];
}

test("a webhook is tried, its answer seen, and sent again", { tag: ["@dark"] }, async ({ page }) => {
  const calls: Call[] = [];
  const receiver = createServer((asked, answer) => {
    let body = "";
    asked.on("data", (part: Buffer) => (body += part.toString()));
    asked.on("end", () => {
      // Other journeys make customers meanwhile.
      if (!body.includes("webhook.ping")) return void answer.writeHead(204).end();
      calls.push({ body, headers: asked.headers });
      answer.writeHead(calls.length === 1 ? 500 : 200).end(calls.length === 1 ? "hoje não" : "recebido");
    });
  }).listen(0, "127.0.0.1");
  await once(receiver, "listening");
  const address = receiver.address();
  if (address === null || typeof address === "string") throw new Error("no port");

  const name = `Loja ${word()}`;
  await open(page, "/webhooks/novo");
  await page.getByRole("textbox", { name: "Nome", exact: true }).fill(name);
  await page.getByRole("textbox", { name: "Endereço" }).fill(`http://127.0.0.1:${address.port}/gancho`);
  await page.getByRole("group").filter({ hasText: "customer.create" }).getByText("customer.create").click();
  await axe(page);
  await page.getByRole("button", { name: /^Criar Ctrl/ }).click();
  await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
  const secret = (await page.locator("[data-secret]").textContent()) ?? "";
  await pick(page, "Mais ações", "Enviar teste");
  await expect.poll(() => calls.length).toBe(1);
  await page.getByRole("button", { name: "Ver" }).click();
  await expect(page.getByText("HTTP 500")).toBeVisible();
  await axe(page);

  await page.getByRole("button", { name: "Enviar de novo" }).click();
  await expect.poll(() => calls.length).toBe(2);
  await expect(page.getByText("HTTP 200")).toBeVisible();
  await expect(page.getByText("Entregue").filter({ visible: true }).first()).toBeVisible();
  // Both are signed as the page of the webhook says, and are the same to whoever keeps ids.
  for (const { body, headers } of calls) {
    const signed = `${headers["webhook-id"]}.${headers["webhook-timestamp"]}.${body}`;
    expect(headers["webhook-signature"]).toBe(`v1,${createHmac("sha256", secret).update(signed).digest("base64")}`);
  }
  expect(calls[1]?.headers["webhook-id"]).toBe(calls[0]?.headers["webhook-id"]);
  receiver.close();
});
