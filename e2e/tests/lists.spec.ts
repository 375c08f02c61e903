import type { Locator } from "@playwright/test";

import type { Api, Record } from "../support/api.ts";
import { axe } from "../support/axe.ts";
import { expect, test, type Page } from "../support/fixtures.ts";
import { toast } from "../support/form.ts";
import { open } from "../support/login.ts";
import { word } from "../support/people.ts";

const TITLE = "Nome ou razão social";

/** Customers that one word finds. */
async function some(api: Api, letters: string[]): Promise<{ tag: string; made: Record[] }> {
  const tag = word();
  const made = await api.create("/customers", letters.map((letter) => ({ name: `${tag} ${letter}` })));
  return { tag, made };
}

function rows(page: Page): Locator {
  return page.locator("tr[data-row]");
}

/** The name of the nth row, which may be changed where it stands. */
function nameCell(page: Page, at: number): Locator {
  return rows(page).nth(at).locator("td[data-cell=name]");
}

/** The box over a cell that is being changed. */
function editor(page: Page): Locator {
  return page.locator(".cell-box");
}

/** Opens the editor of a cell beside its link. */
async function edit(page: Page, cell: Locator): Promise<void> {
  const box = await cell.boundingBox();
  await cell.dblclick({ position: { x: (box?.width ?? 20) - 4, y: (box?.height ?? 20) - 4 } });
  await expect(editor(page).getByRole("textbox")).toBeFocused();
}

test("a row is looked at beside the list, and the next one", { tag: "@dark" }, async ({ page, api }) => {
  const customer = await api.post("/customers", { name: `${word()} Alves` });
  const item = { sku: "FT-12", product: "Fonte 12 V", reason: "Não liga", quantity: 1000, unit_price: 6490 };
  await api.create("/warranties", [1, 2].map(() => ({ customer_id: customer.id, items: [item] })));
  // Made side by side: which came first is for their numbers to say.
  const made = await api.list(`/warranties?filter[customer_id]=${customer.id}&sort=number`);
  await open(page, `/garantias?filter[customer_id]=${customer.id}&sort=number`);
  await expect(rows(page)).toHaveCount(2);

  await page.keyboard.press("j");
  await page.keyboard.press("Space");
  const drawer = page.getByRole("dialog", { name: /^Prévia de/ });
  await expect(drawer.getByRole("heading", { level: 2 })).toContainText(String(made[0]?.number));
  await expect(drawer).toContainText("Fonte 12 V");
  await axe(page);
  // The list stays in use: its keys move the drawer.
  await page.keyboard.press("j");
  await expect(drawer.getByRole("heading", { level: 2 })).toContainText(String(made[1]?.number));
  await drawer.getByRole("button", { name: "Registro anterior (K)" }).click();
  await expect(drawer.getByRole("heading", { level: 2 })).toContainText(String(made[0]?.number));

  await drawer.getByRole("button", { name: "Solicitar logística reversa" }).click();
  const dialog = page.getByRole("alertdialog");
  await dialog.getByRole("textbox", { name: "Transportadora da devolução" }).fill("Correios");
  await dialog.getByRole("textbox", { name: "Código de postagem" }).fill("LR-7");
  await dialog.getByRole("button", { name: "Solicitar logística reversa" }).click();
  await expect(drawer).toContainText("Aguardando logística reversa");
  await page.keyboard.press("Escape");
  await expect(drawer).toHaveCount(0);
});

test("a value is changed in its cell, checked, and taken back", async ({ page, api }) => {
  const { tag, made } = await some(api, ["A", "B", "C"]);
  await open(page, `/clientes?q=${tag}`);
  await expect(rows(page)).toHaveCount(3);
  await page.keyboard.press("j");
  await page.keyboard.press("e");
  await expect(editor(page)).toHaveAccessibleName(`Editar ${TITLE} de ${tag} A`);
  await expect(editor(page).getByRole("textbox")).toBeFocused();
  await axe(page);

  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.press("Delete");
  await page.keyboard.press("Enter");
  await expect(editor(page)).toContainText("Preencha este campo.");
  await page.keyboard.type(`${tag} Alterada`);
  await page.keyboard.press("Enter");
  await expect(editor(page)).toHaveCount(0);
  await expect(rows(page).first()).toContainText(`${tag} Alterada`);
  await expect(toast(page)).toContainText(`${TITLE} de ${tag} Alterada alterado`);
  await toast(page).getByRole("button", { name: "Desfazer" }).click();
  await expect(rows(page).first()).toContainText(`${tag} A`);
  await expect.poll(async () => (await api.get(`/customers/${made[0]?.id}`)).name).toBe(`${tag} A`);

  // Tab goes on to the next cell, Esc leaves everything as it was.
  await edit(page, nameCell(page, 1));
  await page.keyboard.press("Tab");
  await expect(editor(page)).toHaveAccessibleName(new RegExp(`de ${tag} B$`));
  await expect(editor(page)).not.toHaveAccessibleName(new RegExp(TITLE));
  await page.keyboard.press("Escape");
  await expect(editor(page)).toHaveCount(0);
});

test("who changes what somebody else changed meanwhile is told, and sees how it is now", async ({ page, api }) => {
  const { tag, made } = await some(api, ["A"]);
  await open(page, `/clientes?q=${tag}`);
  await edit(page, nameCell(page, 0));
  let first = true;
  await page.route(`**/api/v1/customers/${made[0]?.id}`, async (route) => {
    if (route.request().method() === "PATCH" && first) {
      first = false;
      await api.change(`/customers/${made[0]?.id}`, made[0] as Record, { name: `${tag} de outra pessoa` });
    }
    await route.continue();
  });
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type(`${tag} Minha`);
  await page.keyboard.press("Enter");
  await expect(toast(page)).toContainText("Alguém mudou este registro antes de você.");
  await expect(rows(page).first()).toContainText(`${tag} de outra pessoa`);
});

test("a field and labels of several records are changed at once, and taken back", async ({ page, api }) => {
  const { tag } = await some(api, ["A", "B", "C"]);
  await open(page, `/clientes?q=${tag}`);
  await expect(rows(page)).toHaveCount(3);
  const all = page.getByRole("checkbox", { name: "Selecionar todos desta página" });
  await all.check();
  await page.getByRole("toolbar").getByRole("button", { name: "Alterar campo" }).click();
  const dialog = page.getByRole("alertdialog");
  await dialog.getByLabel("Campo", { exact: true }).selectOption({ label: "Nome fantasia" });
  await dialog.getByRole("textbox", { name: "Nome fantasia" }).fill("Casa Nova");
  await expect(dialog).toContainText("3 registros mudam.");
  await axe(page);
  await dialog.getByRole("button", { name: "Alterar 3 registros" }).click();
  const having = async (field: string): Promise<unknown[]> =>
    (await api.list(`/customers?q=${tag}`)).map((customer) => customer[field]);
  await expect.poll(() => having("trade_name")).toEqual(["Casa Nova", "Casa Nova", "Casa Nova"]);
  await toast(page).getByRole("button", { name: "Desfazer" }).click();
  await expect.poll(() => having("trade_name")).toEqual([null, null, null]);

  await all.check();
  await page.getByRole("toolbar").getByRole("button", { name: "Etiquetas" }).click();
  await dialog.getByRole("group", { name: "Adicionar" }).getByRole("textbox").fill("vip");
  await dialog.getByRole("group", { name: "Adicionar" }).getByRole("textbox").press("Enter");
  await axe(page);
  await dialog.getByRole("button", { name: "Alterar 3 registros" }).click();
  await expect.poll(() => having("tags")).toEqual([["vip"], ["vip"], ["vip"]]);
  await toast(page).getByRole("button", { name: "Desfazer" }).click();
  await expect.poll(() => having("tags")).toEqual([[], [], []]);
});

test("a list is sorted by several columns, which have the width one gave them", async ({ page }) => {
  await open(page, "/clientes?limit=25");
  const head = (name: string): Locator => page.getByRole("columnheader", { name });
  await head("Status").getByRole("button").click();
  await head("Cidade").getByRole("button").click({ modifiers: ["Shift"] });
  await expect(page).toHaveURL(/sort=status,city/);
  await head("Cidade").getByRole("button").click({ modifiers: ["Shift"] });
  await expect(page).toHaveURL(/sort=status,-city/);
  await expect(head("Cidade")).toContainText("2º critério, decrescente");
  await axe(page);

  const width = async (): Promise<number> => (await head("Status").boundingBox())?.width ?? 0;
  const [before, edge] = [await width(), await head("Status").locator(".grip").boundingBox()];
  const [x, y] = [(edge?.x ?? 0) + 4, (edge?.y ?? 0) + 12];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + 60, y, { steps: 4 });
  await page.mouse.up();
  await expect.poll(width).toBeGreaterThan(before + 40);
  const wide = await width();
  await page.reload();
  await expect.poll(async () => Math.abs((await width()) - wide)).toBeLessThan(4);

  await page.getByRole("button", { name: "Colunas" }).click();
  await page.getByRole("button", { name: "Estreitar Status" }).click();
  await expect.poll(width).toBeLessThan(wide);
  await axe(page);
  await page.getByRole("button", { name: "Restaurar padrão" }).click();
  await expect.poll(async () => Math.abs((await width()) - before)).toBeLessThan(4);
});

test("thousands of rows follow without end, and the list comes back where one left it", async ({ page, api }) => {
  test.setTimeout(240_000);
  const tag = word();
  const names = Array.from({ length: 1100 }, (_, at) => ({ name: `${tag} ${String(at).padStart(4, "0")}` }));
  await api.create("/customers", names);
  await open(page, `/clientes?q=${tag}`);
  await page.getByLabel("Por página").selectOption({ label: "rolagem contínua" });
  await expect(page.getByRole("table")).toHaveAttribute("aria-rowcount", "1101");
  await expect
    .poll(
      async () => {
        await page.evaluate(() => window.scrollTo(0, document.documentElement.scrollHeight));
        return page.getByText("fim da lista").count();
      },
      { timeout: 60_000 },
    )
    .toBe(1);
  await expect(page.getByText("1.100 carregados")).toBeVisible();
  // Only the rows near the window are in the page, and each says which it is.
  expect(await rows(page).count()).toBeLessThan(100);
  await expect(rows(page).last()).toContainText(`${tag} 1099`);
  await expect(rows(page).last()).toHaveAttribute("aria-rowindex", "1101");

  await page.evaluate(() => window.scrollTo(0, 20_000));
  const link = page.getByRole("link", { name: `${tag} 0450` });
  await link.click();
  await expect(page.getByRole("heading", { level: 1, name: `${tag} 0450` })).toBeVisible();
  await page.keyboard.press("j");
  await expect(page.getByRole("heading", { level: 1, name: `${tag} 0451` })).toBeVisible();
  await page.goBack();
  await expect(page.getByRole("heading", { level: 1, name: `${tag} 0450` })).toBeVisible();
  await page.goBack();
  await expect(link).toBeInViewport();
  await expect(page.locator("tr.is-cursor")).toContainText(`${tag} 0450`);
  await page.keyboard.press("j");
  await expect(page.locator("tr.is-cursor")).toContainText(`${tag} 0451`);
  await axe(page);
  await page.getByLabel("Por página").selectOption("50");
  await expect(page.getByText("50 carregados")).toBeVisible();
});

test("conditions come in groups of all or any, and stay in the address", { tag: "@dark" }, async ({ page, api }) => {
  const { tag } = await some(api, ["A", "B", "C"]);
  const [first] = await api.list(`/customers?q=${tag}`);
  await api.change(`/customers/${first?.id}`, first as Record, { tags: [tag] });
  await open(page, `/clientes?q=${tag}`);
  await expect(rows(page)).toHaveCount(3);
  await page.keyboard.press("f");
  await page.getByRole("button", { name: "Filtro com grupos…" }).click();
  const box = page.getByRole("dialog", { name: "Filtros" });
  await box.getByRole("combobox", { name: "Campo" }).selectOption({ label: "Etiquetas" });
  await box.getByRole("textbox", { name: "Valor" }).fill(tag);
  await box.getByRole("textbox", { name: "Valor" }).press("Tab");
  await expect(box.getByRole("status")).toHaveText("1 registro");
  await box.getByRole("button", { name: "Condição", exact: true }).click();
  await box.getByRole("combobox", { name: "Campo" }).last().selectOption({ label: TITLE });
  await box.getByRole("textbox", { name: "Valor" }).last().fill(`${tag} B`);
  await box.getByRole("textbox", { name: "Valor" }).last().press("Tab");
  await expect(box.getByRole("status")).toHaveText("0 registros");
  await box.getByRole("button", { name: "Valem todas estas condições" }).click();
  await expect(box.getByRole("status")).toHaveText("2 registros");
  await axe(page);
  await box.getByRole("button", { name: "Concluir" }).click();
  await expect(rows(page)).toHaveCount(2);
  await expect(page).toHaveURL(/where=/);
  await page.reload();
  await expect(rows(page)).toHaveCount(2);
  await page.getByRole("button", { name: "Remover filtro: Grupo" }).click();
  await expect(rows(page)).toHaveCount(3);
});
