import { type Page } from "@playwright/test";

import { axe } from "../support/axe.ts";
import { expect, test } from "../support/fixtures.ts";
import { toast } from "../support/form.ts";
import { open } from "../support/login.ts";
import { word } from "../support/people.ts";

const palette = (page: Page) => page.getByRole("dialog", { name: /^Buscar/ });
const heading = (page: Page, name: string | RegExp) => page.getByRole("heading", { level: 1, name });

/** What stands by is fetched when the first screen is there; a key fetches it at once. */
async function standby(page: Page): Promise<void> {
  await page.keyboard.press("g");
  await expect(page.getByRole("status", { name: "Ir para" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("status", { name: "Ir para" })).toHaveCount(0);
}

test("the search runs what the open record offers, and remembers it", { tag: ["@dark", "@phone"] }, async ({ page, api, isMobile }) => {
  const name = `Paleta ${word()}`;
  const customer = await api.post("/customers", { name });
  await open(page, `/clientes/${customer.id}`);
  await expect(heading(page, name)).toBeVisible();
  await page.keyboard.press("Control+k");
  const field = palette(page).getByRole("combobox");
  await expect(field).toBeFocused();
  // Before anything is typed: what may be done here.
  await expect(palette(page).getByRole("option", { name: "Editar" })).toBeVisible();
  await axe(page);

  await field.fill("> tema");
  await expect(palette(page).getByRole("option")).toHaveCount(2);
  await field.fill("> duplicar");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/clientes\/novo\?/);

  // The record is among the recent ones now.
  await page.goto("/");
  await expect(heading(page, /, Helena$/)).toBeVisible();
  await page.keyboard.press("Control+k");
  await expect(palette(page).getByRole("option", { name })).toBeVisible();
  if (!isMobile) {
    // Tab walks through the kinds.
    await page.keyboard.press("Tab");
    await expect(palette(page).getByRole("button", { name: "Ir para" })).toHaveAttribute("aria-pressed", "true");
    await page.keyboard.press("Shift+Tab");
  }
  await field.fill("zzzzzz");
  await expect(palette(page).getByText("Nada encontrado")).toBeVisible();
  await axe(page);
  await page.keyboard.press("Escape");
  await expect(palette(page)).toHaveCount(0);
});

test("the search deletes what a list has selected", async ({ page, api }) => {
  const tag = word();
  await api.create("/customers", ["A", "B"].map((letter) => ({ name: `${tag} ${letter}` })));
  await open(page, `/clientes?q=${tag}`);
  await expect(page.getByRole("row").filter({ hasText: tag })).toHaveCount(2);
  await page.keyboard.press("Control+a");
  await page.keyboard.press("Control+k");
  await palette(page).getByRole("combobox").fill("excluir");
  await palette(page).getByRole("option", { name: "Excluir" }).click();
  await expect(page.getByRole("row").filter({ hasText: tag })).toHaveCount(0);
});

test("two strokes go somewhere and make something", async ({ page }) => {
  await open(page, "/clientes");
  await expect(heading(page, "Clientes")).toBeVisible();
  await page.keyboard.press("g");
  const hint = page.getByRole("status", { name: "Ir para" });
  await expect(hint.getByText("Início")).toBeVisible();
  await axe(page);
  await page.keyboard.press("i");
  await expect(page).toHaveURL(/\/$/);
  // A letter alone makes what the list shows, after a moment.
  await page.goto("/clientes");
  await expect(heading(page, "Clientes")).toBeVisible();
  await page.keyboard.press("n");
  await expect(page).toHaveURL(/\/clientes\/novo$/);
});

test("keys are changed by pressing others, and put back", { tag: ["@dark"] }, async ({ page, api }) => {
  const user = await api.user(`Teclas ${word()}`, "admin");
  await open(page, "/clientes", user);
  await page.keyboard.press("?");
  const dialog = page.getByRole("dialog", { name: "Atalhos do teclado" });
  await expect(dialog.getByText("Em todo lugar")).toBeVisible();
  await axe(page);

  await dialog.getByRole("button", { name: "Alterar teclas: Recolher ou expandir o menu" }).click();
  await expect(dialog.getByText("Pressione as teclas")).toBeVisible();
  // Somebody has these already.
  await page.keyboard.press("/");
  await expect(dialog.getByRole("alert")).toContainText("Já usado por “Buscar na lista”");
  await axe(page);
  await dialog.getByRole("button", { name: "Deixar como está" }).click();
  const saved = page.waitForResponse((answer) => answer.url().endsWith("/api/v1/me") && answer.request().method() === "PATCH");
  await dialog.getByRole("button", { name: "Alterar teclas: Recolher ou expandir o menu" }).click();
  await page.keyboard.press("m");
  expect((await saved).status()).toBe(200);
  await page.keyboard.press("Escape");

  const rail = page.getByRole("button", { name: "Expandir menu" });
  await expect(rail).toHaveCount(0);
  await page.keyboard.press("m");
  await expect(rail).toBeVisible();
  await page.keyboard.press("[");
  await expect(rail).toBeVisible();
  // Kept by the server.
  await page.reload();
  await expect(rail).toBeVisible();
  await page.keyboard.press("m");
  await expect(rail).toHaveCount(0);

  // Off: single keys do nothing, the others go on.
  await page.keyboard.press("?");
  await dialog.getByLabel("Usar atalhos de uma tecla").click();
  await dialog.getByRole("button", { name: "Voltar tudo ao padrão" }).click();
  await page.keyboard.press("Escape");
  await page.keyboard.press("[");
  await expect(rail).toHaveCount(0);
  await page.keyboard.press("Control+k");
  await expect(palette(page)).toBeVisible();
});

test("Ctrl+Z brings back what was deleted", async ({ page, api }) => {
  const name = `Volta ${word()}`;
  await api.post("/customers", { name });
  await open(page, `/clientes?q=${encodeURIComponent(name)}`);
  const row = page.getByRole("row").filter({ hasText: name });
  await row.getByRole("button", { name: /^Ações/ }).click();
  await page.getByRole("menuitem", { name: "Excluir" }).click();
  await expect(row).toHaveCount(0);
  await expect(toast(page)).toContainText("Desfazer");
  await page.keyboard.press("Control+z");
  await expect(row).toBeVisible();
});

test("the recycle bin finds what was deleted and restores it", { tag: ["@dark", "@phone"] }, async ({ page, api }) => {
  const tag = word();
  const made = await api.create("/customers", ["Uma", "Duas", "Tres"].map((number) => ({ name: `${number} ${tag}` })));
  for (const record of made) await api.remove(`/customers/${record.id}`, record);
  await open(page, "/lixeira");
  await expect(heading(page, "Lixeira")).toBeVisible();
  await page.getByRole("searchbox", { name: "Buscar na lixeira" }).fill(tag);
  const rows = page.getByRole("listitem").filter({ hasText: tag });
  await expect(rows).toHaveCount(3);
  await expect(page).toHaveURL(new RegExp(`q=${tag}`));
  await axe(page);

  await page.getByRole("button", { name: `Restaurar Uma ${tag}` }).click();
  await expect(rows).toHaveCount(2);
  await page.getByRole("checkbox", { name: `Selecionar Duas ${tag}` }).check();
  await page.getByRole("button", { name: "Selecionar todos" }).click();
  await axe(page);
  await page.getByRole("toolbar").getByRole("button", { name: "Restaurar" }).click();
  await expect(page.getByText("Nada encontrado na lixeira")).toBeVisible();
  await page.goto(`/clientes?q=${tag}`);
  await expect(page.getByText("3 encontrados")).toBeVisible();
});

test("only the topmost of what lies over the page closes", async ({ page }) => {
  await open(page, "/clientes");
  await standby(page);
  await page.keyboard.press("Control+k");
  await expect(palette(page)).toBeVisible();
  // A click on plain ground takes the focus away; Esc and Tab are still the dialog's.
  await palette(page).getByText("Ir para", { exact: true }).last().click();
  await page.keyboard.press("Escape");
  await expect(palette(page)).toHaveCount(0);
  await page.getByRole("link", { name: "Ir para o conteúdo" }).focus();
  await page.keyboard.press("Enter");
  await expect(page.locator("main#conteudo")).toBeFocused();
});

test("a newer build is offered, and waits for the person", { tag: ["@dark", "@phone"] }, async ({ page }) => {
  await open(page, "/clientes");
  await standby(page);
  await page.evaluate(() => window.dispatchEvent(new Event("conexao-update")));
  const strip = page.getByRole("status").filter({ hasText: "Nova versão disponível" });
  await expect(strip).toBeVisible();
  await axe(page);
  await strip.getByRole("button", { name: "Depois" }).click();
  await expect(strip).toHaveCount(0);
});
