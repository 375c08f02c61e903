import { axe } from "../support/axe.ts";
import { expect, test, type Page } from "../support/fixtures.ts";
import { toast } from "../support/form.ts";
import { open } from "../support/login.ts";
import { word } from "../support/people.ts";

async function select(page: Page, names: string[]): Promise<void> {
  for (const name of names) await page.getByRole("checkbox", { name: `Selecionar ${name}`, exact: true }).check();
  await expect(page.getByRole("toolbar")).toContainText(`${names.length} selecionados`);
}

test("several records are deleted and brought back", async ({ page, api }) => {
  const tag = word();
  const names = ["A", "B", "C"].map((letter) => `${tag} ${letter}`);
  await api.create("/customers", names.map((name) => ({ name })));
  await open(page, `/clientes?q=${tag}`);
  const rows = page.getByRole("row").filter({ hasText: tag });
  await expect(rows).toHaveCount(3);
  await select(page, names.slice(0, 2));
  await axe(page);
  await page.getByRole("toolbar").getByRole("button", { name: "Mais ações" }).click();
  await page.getByRole("menuitem", { name: "Excluir" }).click();
  await expect(rows).toHaveCount(1);
  await expect.poll(async () => (await api.list(`/customers?q=${tag}`)).length).toBe(1);

  // The end of the job does not take the way back off the screen.
  await toast(page).getByRole("button", { name: "Desfazer" }).click();
  await expect(rows).toHaveCount(3);
  await expect.poll(async () => (await api.list(`/customers?q=${tag}`)).length).toBe(3);
});

test("several records take a step as a job that says how it went", async ({ page, api }) => {
  const tag = word();
  const names = ["A", "B", "C"].map((letter) => `${tag} ${letter}`);
  const [first] = await api.create("/customers", names.map((name) => ({ name })));
  await open(page, `/clientes?q=${tag}`);
  const rows = page.getByRole("row").filter({ hasText: tag });
  await select(page, names);
  await page.getByRole("toolbar").getByRole("button", { name: "Mais ações" }).click();
  await page.getByRole("menuitem", { name: "Bloquear" }).click();
  const dialog = page.getByRole("alertdialog");
  await expect(dialog).toContainText("Bloquear: 3 registros");
  await axe(page);
  await dialog.getByRole("textbox", { name: "Motivo do bloqueio" }).fill("Fraude confirmada");
  await dialog.getByRole("button", { name: "Bloquear", exact: true }).click();
  await expect(rows.filter({ hasText: "Bloqueado" })).toHaveCount(3);
  expect(await api.get(`/customers/${first?.id}`)).toMatchObject({ block_reason: "Fraude confirmada" });

  await page.getByRole("link", { name: "Tarefas" }).click();
  const job = page.getByRole("listitem").filter({ hasText: "3 linhas" }).first();
  await expect(job).toContainText("Concluída");
  await axe(page);
});

test("everything that matches is assigned, not only the page", async ({ page, api }) => {
  const tag = word();
  await api.create("/customers", Array.from({ length: 28 }, (_, at) => ({ name: `${tag} ${at}` })));
  await open(page, `/clientes?q=${tag}&limit=25`);
  await expect(page.getByText("28 encontrados")).toBeVisible();
  await page.getByRole("checkbox", { name: "Selecionar todos desta página" }).check();
  const bar = page.getByRole("toolbar");
  await expect(bar).toContainText("25 selecionados");
  await bar.getByRole("button", { name: "Selecionar todos os 28" }).click();
  await expect(bar).toContainText("28 selecionados");
  await bar.getByRole("button", { name: "Atribuir" }).click();
  const dialog = page.getByRole("alertdialog");
  await dialog.getByRole("button", { name: "Sou eu" }).click();
  await dialog.getByRole("button", { name: "Atribuir", exact: true }).click();
  await expect.poll(async () => (await api.list(`/customers?q=${tag}&filter[owner_id]=@me`)).length).toBe(28);
});
