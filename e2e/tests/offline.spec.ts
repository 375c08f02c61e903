import { type Page } from "@playwright/test";

import { axe } from "../support/axe.ts";
import { expect, test } from "../support/fixtures.ts";
import { inside, open } from "../support/login.ts";
import { word } from "../support/people.ts";

// Other journeys do without the service worker: it fetches everything there is.
test.use({ serviceWorkers: "allow" });

/** What a browser says when there is no network is expected here. */
const NO_NETWORK = /net::ERR_(INTERNET_DISCONNECTED|FAILED)|status of 50[234]/;

test.afterEach(({ problems }) => {
  const others = problems.filter((problem) => !NO_NETWORK.test(problem));
  problems.splice(0, problems.length, ...others);
});

const strip = (page: Page) => page.getByRole("status").filter({ hasText: "Sem conexão desde" });

/** The worker has everything and serves this page. */
async function kept(page: Page): Promise<void> {
  const serves = () =>
    page.evaluate(async () => {
      const registration = await navigator.serviceWorker.getRegistration();
      return Boolean(registration?.active && navigator.serviceWorker.controller);
    });
  await expect.poll(serves, { timeout: 45_000 }).toBe(true);
  // Who is in is kept after the first screen.
  await page.waitForFunction(() => localStorage.getItem("conexao.own.me") !== null);
}

test("without a network the application opens, and says so", { tag: ["@dark", "@phone"] }, async ({ page, context }) => {
  await open(page, "/clientes");
  await kept(page);
  await context.setOffline(true);
  await expect(strip(page)).toBeVisible();
  await axe(page);
  await page.reload();
  await inside(page);
  await expect(strip(page)).toBeVisible();
  await expect(page.getByRole("heading", { level: 1, name: "Clientes" })).toBeVisible();
  await axe(page);
  const stored = await page.evaluate(async () => {
    const names = await caches.keys();
    const all = await Promise.all(names.map(async (name) => (await (await caches.open(name)).keys()).map((one) => new URL(one.url).pathname)));
    return all.flat();
  });
  expect(stored.filter((path) => path.startsWith("/api")), "answers of the API").toEqual([]);
  await context.setOffline(false);
  await expect(strip(page)).toHaveCount(0, { timeout: 30_000 });
});

test("a comment written without a network is sent when it is back", async ({ page, context, api }) => {
  const [name, text] = [`Fila ${word()}`, `Ligar amanhã ${word()}`];
  const customer = await api.post("/customers", { name });
  await open(page, `/clientes/${customer.id}`);
  await kept(page);
  await context.setOffline(true);
  await expect(strip(page)).toBeVisible();
  await page.getByLabel("Novo comentário").fill(text);
  await page.getByRole("button", { name: "Comentar" }).click();
  const waiting = page.getByRole("list", { name: "Ainda não enviado" }).getByRole("listitem").filter({ hasText: text });
  await expect(waiting).toContainText("Na fila");
  await page.getByRole("button", { name: "1 na fila" }).click();
  const queue = page.getByRole("dialog", { name: "Fila deste aparelho" });
  await expect(queue.getByText(text)).toBeVisible();
  await axe(page);
  await page.keyboard.press("Escape");

  // It outlives the page.
  await page.reload();
  await expect(page.getByRole("button", { name: "1 na fila" })).toBeVisible();
  await context.setOffline(false);
  await expect(strip(page)).toHaveCount(0, { timeout: 30_000 });
  await expect.poll(async () => (await api.list(`/customers/${customer.id}/comments`)).map((one) => one.text)).toEqual([text]);
  const left = await page.evaluate(() => localStorage.getItem("conexao.own.outbox"));
  expect(left).toBeNull();
});

test("what the server refuses stays, with the reason", { tag: ["@dark", "@phone"] }, async ({ page, context, api }) => {
  const [name, text] = [`Some ${word()}`, `Perdido ${word()}`];
  const customer = await api.post("/customers", { name });
  await open(page, `/clientes/${customer.id}`);
  await kept(page);
  await context.setOffline(true);
  await expect(strip(page)).toBeVisible();
  await page.getByLabel("Novo comentário").fill(text);
  await page.getByRole("button", { name: "Comentar" }).click();
  await expect(page.getByRole("button", { name: "1 na fila" })).toBeVisible();
  await api.remove(`/customers/${customer.id}`, customer);
  await context.setOffline(false);
  const refused = page.getByRole("status").filter({ hasText: "1 envio da fila foi recusado" });
  await expect(refused).toBeVisible({ timeout: 30_000 });
  await refused.getByRole("button", { name: "1 na fila" }).click();
  const queue = page.getByRole("dialog", { name: "Fila deste aparelho" });
  await expect(queue.getByText("Recusado")).toBeVisible();
  await axe(page);
  await page.keyboard.press("Escape");

  // Leaving asks first, for it takes the queue along.
  await page.getByRole("button", { name: /^Conta de/ }).click();
  await page.getByRole("menuitem", { name: "Sair" }).click();
  const question = page.getByRole("alertdialog");
  await expect(question).toContainText("Sair com 1 envio na fila?");
  await axe(page);
  await question.getByRole("button", { name: "Sair e descartar" }).click();
  await expect(page.getByRole("textbox", { name: "E-mail" })).toBeVisible();
  expect(await page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith("conexao.own.")))).toEqual([]);
});
