import { readFile } from "node:fs/promises";

import { axe } from "../support/axe.ts";
import { expect, test, type Page } from "../support/fixtures.ts";
import { pick, toast } from "../support/form.ts";
import { open } from "../support/login.ts";
import { word } from "../support/people.ts";
import { sheet } from "../support/xlsx.ts";

/** Enough that somebody can stop it on the way, and that its list leaves as a job. */
const ROWS = 12_000;

function file(tag: string): Buffer {
  const lines = Array.from({ length: ROWS }, (_, at) => `${tag} ${at};Niterói`);
  return Buffer.from(["nome;cidade", ...lines].join("\r\n"));
}

/** The row of the job centre. */
function job(page: Page, title: string | RegExp) {
  return page.getByRole("listitem").filter({ hasText: title }).first();
}

test("a long import is stopped, goes on, leaves as a file when it is ready, and is taken back", async ({ page, api, colleague }) => {
  test.slow();
  const tag = word();
  const name = `${tag}.csv`;
  const centre = await colleague("helena", "/tarefas");
  await open(page, "/importar/clientes");
  await page.locator("input[type=file]").setInputFiles({ name, mimeType: "text/csv", buffer: file(tag) });
  await page.getByRole("button", { name: "Simular", exact: true }).click();
  await page.getByRole("button", { name: "Importar 12.000 linhas" }).click();

  // Another window follows it and stops it.
  const row = job(centre, `Importação: Clientes (${name})`);
  await row.getByRole("button", { name: "Cancelar" }).click();
  await expect(row).toContainText("Cancelada");
  await axe(centre);
  const result = page.getByRole("region", { name: "Importação" });
  await expect(result).toContainText("A importação foi parada. O que já tinha entrado continua; dá para reverter.");
  await axe(page);

  await page.getByRole("button", { name: "Continuar importação" }).click();
  await expect(result).toContainText("O arquivo foi importado.", { timeout: 60_000 });
  const stored = await api.get<{ count: number }>(`/customers?q=${tag}&limit=1&count=exact`);
  expect(stored.count, "each row once").toBe(ROWS);

  const imported = page.url();
  await page.goto(`/clientes?q=${tag}`);
  await expect(page.getByText("12.000 encontrados")).toBeVisible();
  await pick(page, "Exportar", "Planilha (XLSX)");
  await expect(toast(page)).toContainText("Arquivo pronto", { timeout: 60_000 });
  const arrives = page.waitForEvent("download");
  await toast(page).getByRole("button", { name: "Baixar" }).click();
  const rows = sheet(await readFile(await (await arrives).path()));
  expect(rows).toHaveLength(ROWS + 1);
  expect(new Set(rows.flat().filter((cell) => cell.startsWith(tag))).size).toBe(ROWS);
  // The file stays where the job is.
  const again = centre.waitForEvent("download");
  await job(centre, /Exportação/).getByRole("button", { name: "Baixar" }).click();
  await again;

  await page.goto(imported);
  await page.getByRole("button", { name: "Reverter importação…" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Reverter importação" }).click();
  await expect(result).toContainText("A importação foi desfeita.", { timeout: 60_000 });
  expect(await api.list(`/customers?q=${tag}`)).toEqual([]);
});

test("what failed is tried again after its cause is gone", async ({ page, api }) => {
  const tag = word();
  const [one, two] = await api.create("/customers", [{ name: `${tag} A` }, { name: `${tag} B` }]);
  const block = { action: "block", values: { block_reason: "Teste" } };
  const first = await api.post("/customers/bulk", { ...block, ids: [two?.id] });
  await expect.poll(async () => (await api.get(`/jobs/${first.id}`)).state).toBe("done");
  const job = await api.post("/customers/bulk", { ...block, ids: [one?.id, two?.id] });
  await expect.poll(async () => (await api.get(`/jobs/${job.id}`)).state).toBe("done");

  await open(page, "/tarefas");
  await page.getByRole("tab", { name: /^Com falhas/ }).click();
  const row = page.getByRole("listitem").filter({ hasText: "2 linhas" }).filter({ hasText: "1 falha" }).first();
  await expect(row).toBeVisible();
  const freed = await api.post("/customers/bulk", { action: "activate", ids: [two?.id] });
  await expect.poll(async () => (await api.get(`/jobs/${freed.id}`)).state).toBe("done");
  await row.getByRole("button", { name: "Tentar de novo" }).click();
  await expect.poll(async () => (await api.get(`/customers/${two?.id}`)).status).toBe("blocked");
  await expect.poll(async () => (await api.get(`/jobs/${job.id}`)).failed).toBe(0);
});
