import { axe } from "../support/axe.ts";
import { expect, test } from "../support/fixtures.ts";
import { open } from "../support/login.ts";
import { mobile, word } from "../support/people.ts";

test("from a record to its audit: filters, what changed, a link to pass on, a file", async ({ page, api, colleague }) => {
  const [tag, phone] = [word(), mobile()];
  const contacts = [{ channel: "phone", value: phone }];
  const customer = await api.post("/customers", { name: `${tag} Auditada`, contacts });
  await open(page, `/clientes/${customer.id}`);
  await page.getByRole("tab", { name: /Auditoria|Histórico/ }).click();
  await page.getByRole("link", { name: "Ver na auditoria" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Auditoria" })).toBeVisible();
  const table = page.locator("section.panel").getByRole("region", { name: "Auditoria" });
  await expect(table.getByRole("row")).toHaveCount(2);
  await expect(table).toContainText("Criou");

  await table.getByRole("button").first().click();
  const drawer = page.getByRole("dialog");
  await expect(drawer).toContainText(`${tag} Auditada`);
  await expect(drawer).toContainText("mascarado");
  await expect(drawer).not.toContainText(phone);
  await axe(page);
  const address = new URL(page.url());
  expect(address.searchParams.get("entrada")).toMatch(/^\d+$/);
  await page.keyboard.press("Escape");
  await expect(drawer).toHaveCount(0);

  // Whoever gets the address sees the same.
  const hers = await colleague("helena", address.pathname + address.search);
  await expect(hers.getByRole("dialog")).toContainText(`${tag} Auditada`);

  await page.getByLabel("Ação", { exact: true }).selectOption("delete");
  await expect(page.getByText("Nada encontrado")).toBeVisible();
  await page.getByRole("button", { name: "Limpar filtros" }).click();
  await page.getByLabel("Texto").fill(tag.toUpperCase());
  await page.getByLabel("Texto").press("Enter");
  await expect(table.getByRole("row")).toHaveCount(2);

  const arriving = page.waitForEvent("download");
  await page.getByRole("button", { name: "Exportar" }).click();
  await page.getByRole("menuitem", { name: /CSV/ }).click();
  expect((await arriving).suggestedFilename()).toMatch(/^Auditoria .*\.csv$/);
});

test("why somebody may do something, and what is missing", async ({ page, api }) => {
  const user = await api.user(`Vera ${word()}`, "vendedor");
  await open(page, `/papeis/por-que?usuario=${user.id}&permissao=customer.update`);
  await expect(page.getByText("Pode, em todos os registros")).toBeVisible();
  await expect(page.getByRole("link", { name: "Vendedor" })).toBeVisible();
  await page.getByRole("combobox", { name: "Permissão" }).fill("clientes excluir");
  await page.getByRole("option", { name: /Clientes: Excluir/ }).click();
  await expect(page.getByText("Não pode: nenhum papel dá esta permissão")).toBeVisible();
  await expect(page.getByRole("region", { name: "Papéis que dariam" })).toContainText("customer.*");
  await axe(page);
});
