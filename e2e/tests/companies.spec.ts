import { axe } from "../support/axe.ts";
import { expect, test as shared } from "../support/fixtures.ts";
import { fillLogin, open } from "../support/login.ts";
import { word } from "../support/people.ts";
import { startServer, type Server } from "../support/server.ts";

/** A server of their own: what is decided here is felt by everybody in the company. */
const test = shared.extend<object, { own: Server }>({
  own: [
    async ({}, use) => {
      const server = await startServer("companies");
      await use(server);
      await server.stop();
    },
    { scope: "worker", timeout: 120_000 },
  ],
  baseURL: async ({ own }, use) => use(own.url),
});

test("a company decides for itself: name, term, colour that can be read", async ({ page, api }) => {
  await open(page, "/configuracoes/empresa");
  await expect(page.getByRole("heading", { level: 1, name: "Empresa" })).toBeVisible();
  await expect(page.getByRole("heading", { name: "Feriados nacionais" })).toBeVisible();
  await expect(page.getByRole("row", { name: /Natal/ })).toBeVisible();
  await axe(page);

  const name = `Aurora ${word()}`;
  await page.getByLabel("Nome fantasia").fill(name);
  await page.getByLabel("Cor de destaque, tema claro").fill("#ffd400");
  await page.getByRole("button", { name: /^Salvar/ }).click();
  await expect(page.getByText(/Contraste insuficiente/).first()).toBeVisible();
  await page.getByLabel("Cor de destaque, tema claro").fill("#005c72");
  await page.getByRole("button", { name: /^Salvar/ }).click();
  await expect(page.locator(".sidebar")).toContainText(name);
  const settings = await api.get("/settings/company");
  expect(settings).toMatchObject({ trade_name: name, accent_light: "#005c72" });
});

test("an integration is set up, shown masked, tested and removed", async ({ page }) => {
  await open(page, "/configuracoes/integracoes");
  await expect(page.getByRole("heading", { level: 1, name: "Integrações" })).toBeVisible();
  const card = page.getByRole("region", { name: "Notificações do navegador" });
  await card.getByRole("button", { name: "Configurar" }).click();
  await card.getByLabel("Contato para os serviços de push").fill("mailto:ti@aurora.example");
  await card.getByRole("button", { name: "Salvar" }).click();
  await expect(card).toContainText("Chave pública");
  await expect(card).toContainText("••••");
  await axe(page);
  await card.getByRole("button", { name: "Testar" }).click();
  await expect(card.getByRole("status")).toContainText("Funciona.");
  await card.getByRole("button", { name: "Remover" }).click();
  await expect(card).toContainText("Não configurada");
});

test("the clock of a demonstration moves, and every screen says so", async ({ page, api }) => {
  await open(page, "/");
  const bar = page.locator(".testbar");
  await expect(bar).toHaveCount(0);
  await page.getByRole("button", { name: /^Conta de/ }).click();
  await page.getByRole("menuitem", { name: "Mover relógio" }).click();
  const dialog = page.getByRole("alertdialog", { name: "Relógio deste ambiente" });
  await dialog.getByRole("button", { name: "+7 dias" }).click();
  await expect(bar).toContainText("relógio em");
  await axe(page);
  await dialog.getByRole("button", { name: "Voltar ao tempo real" }).click();
  await expect(bar).toHaveCount(0);
  await dialog.getByRole("button", { name: "Pronto" }).click();
  await expect(dialog).toHaveCount(0);
  expect(await api.get("/clock")).toMatchObject({ moved: false, movable: true });
});

test("the operator makes, suspends and reinstates a company", async ({ page, browser, baseURL }) => {
  await open(page, "/instalacao/empresas", "otilia");
  await expect(page.getByRole("heading", { level: 1, name: "Empresas" })).toBeVisible();
  const name = `Polar ${word()}`;
  await page.getByRole("button", { name: "Nova empresa" }).click();
  const making = page.getByRole("alertdialog", { name: "Nova empresa" });
  await making.getByLabel("Nome").fill(name);
  await making.getByLabel("E-mail do primeiro administrador").fill(`${word()}@polar.example`);
  await making.getByRole("button", { name: "Nova empresa" }).click();
  const row = page.getByRole("row").filter({ hasText: name });
  await expect(row).toContainText("Ativa");
  await axe(page);
  await row.getByRole("button", { name }).click();
  const drawer = page.getByRole("dialog", { name });
  await expect(drawer).toContainText("o operador não lê registros");
  await drawer.getByRole("button", { name: "Suspender" }).click();
  const asking = page.getByRole("alertdialog");
  await asking.getByLabel("Motivo").fill("Fatura em aberto");
  await axe(page);
  await asking.getByRole("button", { name: "Suspender" }).click();
  await expect(drawer).toContainText("Fatura em aberto");
  await drawer.getByRole("button", { name: "Reativar" }).click();
  await expect(drawer).toContainText("Ativa");

  // Whoever runs the installation has no business records, and nobody else has this.
  await expect(page.locator(".sidebar")).not.toContainText("Garantias");
  const other = await browser.newContext({ baseURL: baseURL ?? "" });
  const stranger = await other.newPage();
  await stranger.goto("/instalacao/empresas");
  await fillLogin(stranger, "helena");
  await expect(stranger.getByRole("heading", { name: "Página não encontrada" })).toBeVisible();
  await other.close();
});
