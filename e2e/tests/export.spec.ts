import { readFile } from "node:fs/promises";

import { expect, test, type Page } from "../support/fixtures.ts";
import { pick, toast } from "../support/form.ts";
import { open } from "../support/login.ts";
import { word } from "../support/people.ts";
import { sheet } from "../support/xlsx.ts";

/** Takes what arrives when the list is exported in a format. */
async function exported(page: Page, format: string): Promise<{ name: string; content: Buffer }> {
  const arrives = page.waitForEvent("download");
  await pick(page, "Exportar", format);
  const download = await arrives;
  return { name: download.suggestedFilename(), content: await readFile(await download.path()) };
}

test("a filtered list leaves as spreadsheet and as text", async ({ page, api }) => {
  const tag = word();
  const names = [`${tag} Áurea`, `${tag} Bia "B"; & Cia`, `=1+1 ${tag}`];
  await api.create("/customers", names.map((name) => ({ name, tags: [tag] })));
  await api.post("/customers", { name: `${tag} de fora` });
  await open(page, `/clientes?filter[tags]=${tag}&sort=-name`);
  await expect(page.getByText("3 encontrados")).toBeVisible();

  const workbook = await exported(page, "Planilha (XLSX)");
  expect(workbook.name).toMatch(/\.xlsx$/);
  await expect(toast(page)).toContainText(`Arquivo baixado: ${workbook.name}`);
  const rows = sheet(workbook.content);
  const [head, ...body] = rows;
  expect(head).toContain("Nome ou razão social");
  const column = head?.indexOf("Nome ou razão social") ?? -1;
  const found = body.map((row) => row[column] ?? "");
  expect(found).toHaveLength(3);
  expect(found.slice(0, 2)).toEqual([`${tag} Bia "B"; & Cia`, `${tag} Áurea`]);
  // The filters stand on a sheet of their own.
  expect(sheet(workbook.content, 2).flat().join(" ")).toContain(tag);

  const text = await exported(page, "Texto separado (CSV)");
  expect(text.name).toMatch(/\.csv$/);
  const csv = text.content.toString("utf8");
  expect(csv.split("\r\n").filter((line) => line.includes(tag))).toHaveLength(3);
  expect(csv).toContain(`"${tag} Bia ""B""; & Cia"`);
  // What a spreadsheet would take for a formula must not begin a cell.
  expect(csv).toContain(`=1+1 ${tag}`);
  expect(csv).not.toMatch(/(^|[;,\n"])=1\+1/);

  const lines = (await exported(page, "JSON por linha")).content.toString("utf8").trim().split("\n");
  expect(lines.map((line) => (JSON.parse(line) as { name: string }).name).sort()).toEqual([...names].sort());
});

test("only the selected records leave", async ({ page, api }) => {
  const tag = word();
  await api.create("/customers", ["A", "B", "C"].map((letter) => ({ name: `${tag} ${letter}` })));
  await open(page, `/clientes?q=${tag}`);
  for (const letter of ["A", "C"]) await page.getByRole("checkbox", { name: `Selecionar ${tag} ${letter}` }).check();
  const arrives = page.waitForEvent("download");
  await page.getByRole("toolbar").getByRole("button", { name: "Exportar" }).click();
  const all = sheet(await readFile(await (await arrives).path())).flat();
  expect(all.filter((cell) => cell.startsWith(tag)).sort()).toEqual([`${tag} A`, `${tag} C`]);
});
