import { axe } from "../support/axe.ts";
import type { Locator } from "@playwright/test";

import { expect, test, type Page } from "../support/fixtures.ts";
import { choose, pick, toast } from "../support/form.ts";
import { open } from "../support/login.ts";
import { word } from "../support/people.ts";

/** The cell of a role in the line of a permission. */
async function cellOf(page: Page, role: string, permission: string): Promise<Locator> {
  const grid = page.getByRole("grid", { name: "Permissões de cada papel" });
  const heads = await grid.getByRole("columnheader").allInnerTexts();
  const line = grid.locator("tr").filter({ has: page.getByRole("rowheader", { name: permission, exact: true }) });
  return line.getByRole("gridcell").nth(heads.findIndex((head) => head.startsWith(role)) - 1);
}

test("what a role would mean is told before it is saved", async ({ page, api }) => {
  const tag = word();
  const grants = [{ permission: "customer.read" }, { permission: "customer.export" }];
  const role = await api.post("/roles", { name: `Papel ${tag}`, key: tag.toLowerCase(), scope: "all", grants });
  await api.post("/users", { name: `Rita ${tag}`, email: `${tag.toLowerCase()}@aurora.demo`, roles: [{ role_id: role.id }] });
  await open(page, `/papeis/${role.id}/editar`);
  const matrix = page.getByRole("region", { name: "Permissões por recurso" });
  await matrix.getByRole("combobox", { name: "Clientes: Ver" }).selectOption("Registros da equipe");
  await matrix.getByRole("combobox", { name: "Clientes: Criar" }).selectOption("Todos os registros");
  const foresight = page.getByRole("region", { name: "O que isto muda" });
  await expect(foresight).toContainText("Clientes: Criar: Sem acesso → Todos os registros");
  await expect(foresight).toContainText("Clientes: Ver: Todos os registros → Registros da equipe");
  await expect(foresight).toContainText(`1 pessoa: Rita ${tag}`);
  await expect(foresight).toContainText("Quem só tem este papel vê");
  await axe(page);
  await page.getByRole("button", { name: /^Salvar alterações/ }).click();
  await expect(page.getByRole("heading", { level: 1, name: `Papel ${tag}` })).toBeVisible();
  await expect(page.getByText("Clientes: Ver: Registros da equipe")).toBeAttached();
});

test("all roles side by side, changed in place @dark @phone", async ({ page, api }, info) => {
  const tag = word();
  const name = `Zelo ${tag}`;
  const role = await api.post("/roles", { name, key: tag.toLowerCase(), scope: "own", grants: [{ permission: "customer.read" }] });
  await open(page, "/papeis");
  const phone = info.project.name === "phone";
  const choice = page.getByRole("combobox", { name: `${name}, Clientes, Exportar` });
  if (phone) {
    await page.getByLabel("Papel", { exact: true }).selectOption({ label: `${name} (0 pessoas)` });
  } else {
    await page.getByRole("searchbox", { name: "Buscar permissão" }).fill("clientes exportar");
    await (await cellOf(page, name, "Clientes: Exportar")).click();
  }
  await choice.selectOption("Registros da equipe");
  if (!phone) {
    await expect(choice).toHaveCount(0);
    const cell = await cellOf(page, name, "Clientes: Exportar");
    await expect(cell).toBeFocused();
    await expect(cell).toHaveAccessibleName("Registros da equipe");
  }
  const bar = page.getByRole("region", { name: "Alterações não salvas" });
  await expect(bar).toContainText("1 alteração não salva");
  await axe(page);
  await bar.getByRole("button", { name: "Ver diferenças" }).click();
  const dialog = page.getByRole("alertdialog");
  await expect(dialog).toContainText("Ninguém tem este papel ainda.");
  await axe(page);
  await dialog.getByRole("button", { name: "Salvar" }).click();
  await expect(toast(page)).toContainText("Papéis salvos");
  const saved = await api.get(`/roles/${role.id}`);
  expect(saved.grants).toMatchObject([{ permission: "customer.read" }, { permission: "customer.export", scope: "team" }]);
});

test("the table of roles is walked with the keyboard", async ({ page, api }) => {
  await open(page, "/papeis");
  const grid = page.getByRole("grid", { name: "Permissões de cada papel" });
  await expect(grid).toBeVisible();
  const roles = await api.list("/roles?limit=200");
  expect((await grid.locator("td[data-at]").count()) % roles.length, "a cell for each role and permission").toBe(0);
  // Thousands of lists to choose from would take half a minute to draw.
  await expect(grid.locator("select")).toHaveCount(0);
  const stops = grid.locator("td[tabindex='0']");
  await expect(stops).toHaveCount(1);
  await stops.focus();
  await page.keyboard.press("End");
  await expect(stops).toBeFocused();
  await expect(stops).toHaveAttribute("data-at", `0-${roles.length - 1}`);
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowLeft");
  await expect(stops).toHaveAttribute("data-at", `1-${roles.length - 2}`);
  await page.keyboard.press("Enter");
  await expect(grid.locator("..").getByRole("combobox")).toBeFocused();
  await page.keyboard.press("Escape");
  await page.keyboard.press("Escape");
  await expect(stops).toBeFocused();
});

test("a team, and who sees a record through it", async ({ page, api }) => {
  const tag = word();
  const role = await api.post("/roles", {
    name: `Vendas ${tag}`, key: tag.toLowerCase(), scope: "team", grants: [{ permission: "customer.read" }],
  });
  const person = (name: string) =>
    api.post("/users", { name: `${name} ${tag}`, email: `${name}.${tag}@aurora.demo`.toLowerCase(), roles: [{ role_id: role.id }] });
  const [ana, bia] = [await person("Ana"), await person("Bia")];
  const customer = await api.post("/customers", { name: `${tag} Cliente`, owner_id: ana.id });
  await open(page, "/equipes/novo");
  await page.getByRole("textbox", { name: "Nome" }).fill(`Equipe ${tag}`);
  for (const name of [`Ana ${tag}`, `Bia ${tag}`]) {
    await page.getByRole("button", { name: "Adicionar linha" }).click();
    await choose(page.locator("#f-members").getByRole("combobox").last(), name, name);
  }
  await axe(page);
  await page.getByRole("button", { name: /^Criar Ctrl/ }).click();
  await expect(page.getByRole("heading", { level: 1, name: `Equipe ${tag}` })).toBeVisible();
  await axe(page);
  await page.goto(`/clientes/${customer.id}`);
  await pick(page, "Mais ações", "Quem vê e por quê…");
  const drawer = page.getByRole("dialog", { name: `Quem vê ${tag} Cliente` });
  await expect(drawer.getByRole("listitem").filter({ hasText: `Bia ${tag}` }).first()).toContainText(`Vendas ${tag} · Registros da equipe`);
  await axe(page);
  expect(bia.id).toBeTruthy();
});

test("somebody names a substitute, who acts in their place until they are back", async ({ page, api, colleague }) => {
  const tag = word();
  const role = await api.post("/roles", { name: `Só ${tag}`, key: tag.toLowerCase(), scope: "all", grants: [{ permission: "warranty.read" }] });
  const absent = await api.user(`Ausente ${tag}`, "admin_cs");
  const other = await api.user(`Outra ${tag}`, "cliente");
  const seen = await api.get(`/users/${other.id}`);
  await api.change(`/users/${other.id}`, seen, { roles: [{ role_id: role.id }] });
  const customer = await api.post("/customers", { name: `${tag} Cliente` });
  const hers = await colleague(absent, "/perfil");
  const panel = hers.getByRole("region", { name: "Ausências e substituições" });
  await panel.getByRole("button", { name: "Nomear substituto" }).click();
  const dialog = hers.getByRole("alertdialog");
  await choose(dialog.getByRole("combobox", { name: "Quem substitui" }), `Outra ${tag}`, `Outra ${tag}`);
  await dialog.getByRole("textbox", { name: "Motivo" }).fill("Férias");
  await axe(hers);
  await dialog.getByRole("button", { name: "Nomear", exact: true }).click();
  await expect(toast(hers)).toContainText("Substituto nomeado");
  await expect(panel).toContainText(`Outra ${tag}`);
  await expect(panel).toContainText("Em vigor");
  await axe(hers);

  const theirs = await colleague(other, "/perfil");
  await expect(theirs.getByText(`Você substitui Ausente ${tag} até`)).toBeVisible();
  await theirs.goto(`/clientes/${customer.id}/editar`);
  await theirs.getByRole("textbox", { name: "Observações" }).fill("Em nome dela");
  await theirs.getByRole("button", { name: /^Salvar alterações/ }).click();
  await expect(theirs.getByRole("region", { name: "Atividade" })).toContainText(`Outra ${tag} por Ausente ${tag}`);

  await open(page, `/usuarios/${absent.id}`);
  await expect(page.getByRole("region", { name: "Ausências e substituições" })).toContainText(`Outra ${tag}`);
  await axe(page);
  await panel.getByRole("button", { name: `Encerrar a substituição por Outra ${tag}` }).click();
  await expect(panel).toContainText("Encerrada");
  await theirs.reload();
  await expect(theirs.getByText("Registro não encontrado")).toBeVisible();
});

test("who checked does not reverse, and reads why", async ({ page, api }) => {
  const customer = await api.post("/customers", { name: `${word()} Cliente` });
  const made = await api.post("/warranties", {
    customer_id: customer.id, items: [{ sku: "RT-1", product: "Roteador", reason: "Não liga" }],
  });
  await api.step("/warranties", made, "generate");
  await api.step("/warranties", await api.get(`/warranties/${made.id}`), "check");
  await open(page, `/garantias/${made.id}`);
  await page.getByRole("button", { name: "Mais ações" }).click();
  const entry = page.getByRole("menuitem", { name: /Cancelar após conferência/ });
  await expect(entry).toBeDisabled();
  await expect(page.getByRole("menu")).toContainText("Este passo é de outra pessoa");
  await expect(page.getByRole("menu")).toContainText("Helena");
  // What lies under the menu is not to be hit.
  await axe(page, "[role=menu]");
});
