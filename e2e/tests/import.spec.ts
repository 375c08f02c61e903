import { readFile } from "node:fs/promises";

import { axe } from "../support/axe.ts";
import { companies } from "../support/companies.ts";
import { expect, test, type Page } from "../support/fixtures.ts";
import { pick } from "../support/form.ts";
import { open } from "../support/login.ts";

async function upload(page: Page, name: string, buffer: Buffer): Promise<void> {
  await page.locator("input[type=file]").setInputFiles({ name, mimeType: "text/csv", buffer });
  await expect(page).toHaveURL(/\/importacoes\//);
}

/** A figure of the tiles. */
function tile(page: Page, panel: string, label: string) {
  return page.getByRole("region", { name: panel }).locator("div.grid > div").filter({ hasText: label }).locator("p").first();
}

/** A job of two hundred rows takes what the machine lets it have. */
const JOB = { timeout: 40_000 };

test("a real register of companies is checked, imported, found and taken back", async ({ page, api }) => {
  test.slow();
  const { content, wrong, rows } = await companies();
  const [, , , name = "", , ...rest] = rows[0] ?? [];
  const cnpj = rows[0]?.[0] ?? "";
  expect(rest.length).toBeGreaterThan(0);
  await open(page, "/clientes");
  await page.getByRole("link", { name: "Importar", exact: true }).click();
  await axe(page);
  await upload(page, "clientes_pj.csv", content);

  // How the file is written, and what its columns are, was found out.
  const columns = page.getByRole("region", { name: "Colunas" });
  await expect(columns).toContainText("Windows-1252");
  await expect(columns).toContainText("ponto e vírgula");
  await expect(page.getByRole("combobox", { name: "Destino da coluna cnpj", exact: true })).toHaveValue("document");
  await expect(page.getByRole("combobox", { name: "Destino da coluna razao_social" })).toHaveValue("name");
  await expect(page.getByRole("combobox", { name: "Destino da coluna nome_fantasia" })).toHaveValue("trade_name");
  await expect(page.getByRole("combobox", { name: "Destino da coluna cep" })).toHaveValue("addresses.cep");
  await expect(columns).toContainText(name);
  await axe(page);

  await page.getByRole("button", { name: "Simular", exact: true }).click();
  await expect(tile(page, "Simulação", "Erros")).toHaveText("2", JOB);
  await expect(tile(page, "Simulação", "Prontas")).toHaveText("198", JOB);
  const problems = page.getByRole("region", { name: "Problemas" });
  await expect(problems.getByRole("listitem").filter({ hasText: wrong })).toContainText("Os dois últimos dígitos não batem");
  await expect(problems.getByRole("listitem").filter({ hasText: "l. 22" })).toContainText("Preencha este campo.");
  await axe(page);
  expect(await api.list(`/customers?q=${cnpj}`), "a trial run stores nothing").toEqual([]);

  // One mistake is corrected here, the other goes home as a file.
  await problems.getByRole("button", { name: "Corrigir na grade" }).click();
  const grid = page.getByRole("region", { name: "Corrigir na grade" }).first();
  const cell = page.getByRole("textbox", { name: "razao_social, linha 22" });
  await cell.fill("CLUBE SEM NOME");
  await cell.press("Tab");
  await expect(grid.getByRole("row").filter({ has: cell })).toContainText("Corrigida");
  await axe(page);
  await page.getByRole("button", { name: "Simular de novo" }).click();
  await expect(tile(page, "Simulação", "Prontas")).toHaveText("199", JOB);
  const arrives = page.waitForEvent("download");
  await pick(page, "Baixar só as linhas com erro", "CSV");
  const failed = await readFile(await (await arrives).path(), "utf8");
  expect(failed).toContain(wrong);
  expect(failed.trim().split("\n")).toHaveLength(2);

  await page.getByRole("button", { name: "Importar 199 linhas" }).click();
  await expect(page.getByRole("region", { name: "Importação" })).toContainText("O arquivo foi importado.");
  await expect(tile(page, "Importação", "Criados")).toHaveText("199", JOB);
  await expect(tile(page, "Importação", "Erros")).toHaveText("1", JOB);
  await axe(page);

  const imported = page.url();
  await page.getByRole("link", { name: "Ver Clientes" }).click();
  await page.getByRole("searchbox", { name: "Buscar em Clientes" }).fill(cnpj);
  await page.getByRole("row").filter({ hasText: name }).getByRole("link").click();
  await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
  await expect(page.getByText("Pessoa jurídica").first()).toBeVisible();

  await page.goto(imported);
  await page.getByRole("button", { name: "Reverter importação…" }).click();
  const dialog = page.getByRole("alertdialog");
  await expect(dialog).toContainText("199 registros criados saem de Clientes.");
  await axe(page);
  await dialog.getByRole("button", { name: "Reverter importação" }).click();
  await expect(page.getByText("A importação foi desfeita.")).toBeVisible();
  expect(await api.list(`/customers?q=${cnpj}`)).toEqual([]);
});

test("a file that is no table is refused where it was given", async ({ page }) => {
  await open(page, "/importar/clientes");
  await page.locator("input[type=file]").setInputFiles({ name: "foto.xlsx", mimeType: "application/octet-stream", buffer: Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 0]) });
  await expect(page.getByRole("alert")).toBeVisible();
  await expect(page).toHaveURL(/\/importar\/clientes$/);
});

test("the columns are mapped on a phone", { tag: "@phone" }, async ({ page }) => {
  await open(page, "/importar/clientes");
  await upload(page, "telefone.csv", Buffer.from("nome;cidade\r\nAna;Niterói\r\n"));
  const target = page.getByRole("combobox", { name: "Destino da coluna nome" }).filter({ visible: true });
  await expect(target).toHaveValue("name");
  await target.selectOption("");
  await expect(page.getByText("Falta indicar a coluna de: Nome ou razão social.")).toBeVisible();
  await target.selectOption("name");
  await expect(page.getByText("Falta indicar a coluna de:")).toHaveCount(0);
  await axe(page);
});
