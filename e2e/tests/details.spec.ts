import type { Api, Record } from "../support/api.ts";
import { axe } from "../support/axe.ts";
import { expect, test, type Page } from "../support/fixtures.ts";
import { lines, pick, toast } from "../support/form.ts";
import { open } from "../support/login.ts";
import { word } from "../support/people.ts";

const NAME = "Nome ou razão social";
const ITEM = { sku: "RT-AX1800-V2", product: "Roteador Wi-Fi 6", reason: "Não liga", quantity: 1000, unit_price: 38_990 };
const FIRST = { sku: "FT-12V2A-V3", product: "Fonte 12 V 2 A", reason: "Sem tensão", quantity: 1000, unit_price: 6_490 };

/** A picture of 2 × 2 points. */
const PNG = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAEElEQVR4nGP4z8DwHwwYIBQAQ+4H+VXRDnYAAAAASUVORK5CYII=",
  "base64",
);

async function request(api: Api): Promise<Record> {
  const customer = await api.post("/customers", { name: `${word()} Alves` });
  return api.post("/warranties", { customer_id: customer.id, items: [ITEM, FIRST] });
}

/** Opens the editor of a value with the keyboard, as pointing at it would. */
async function change(page: Page, what: string): Promise<void> {
  const pencil = page.getByRole("button", { name: `Alterar ${what}`, exact: true }).first();
  await pencil.focus();
  await pencil.press("Enter");
}

test("a value is changed where it stands, refused where it is wrong, and taken back", { tag: "@dark" }, async ({ page, api }) => {
  const tag = word();
  const { id } = await api.post("/customers", { name: `${tag} Um` });
  await open(page, `/clientes/${id}`);
  const title = page.getByRole("heading", { level: 1 });
  const field = page.getByRole("textbox", { name: NAME });

  await change(page, NAME);
  await expect(field).toBeFocused();
  await axe(page);
  await field.fill("");
  await field.press("Enter");
  await expect(page.getByText("Preencha este campo.")).toBeVisible();
  await field.fill(`${tag} Nada`);
  await field.press("Escape");
  await expect(field).toHaveCount(0);
  await expect(page.getByRole("button", { name: `Alterar ${NAME}` })).toBeFocused();
  await expect(title).toHaveText(`${tag} Um`);

  await change(page, NAME);
  await field.fill(`${tag} Dois`);
  await field.press("Enter");
  await expect(title).toHaveText(`${tag} Dois`);
  await expect(toast(page)).toContainText(`${NAME}: alteração salva`);
  await axe(page);
  await toast(page).getByRole("button", { name: "Desfazer" }).click();
  await expect(title).toHaveText(`${tag} Um`);
  await expect(page.getByRole("region", { name: "Atividade" })).toContainText("desfez a alteração");
  expect(await api.get(`/customers/${id}`)).toMatchObject({ name: `${tag} Um` });
});

test("values that two people changed at once are chosen, others are joined", async ({ page, api }) => {
  const tag = word();
  const record = await api.post("/customers", { name: `${tag} Um`, trade_name: "Antes" });
  await open(page, `/clientes/${record.id}`);
  const title = page.getByRole("heading", { level: 1 }).filter({ visible: true });
  const field = page.getByRole("textbox", { name: NAME });

  await change(page, NAME);
  await field.fill(`${tag} Meu`);
  const second = await api.change(`/customers/${record.id}`, record, { trade_name: "Deles" });
  await field.press("Enter");
  await expect(toast(page)).toContainText("alteração salva");
  expect(await api.get(`/customers/${record.id}`)).toMatchObject({ name: `${tag} Meu`, trade_name: "Deles" });

  await expect(title).toHaveText(`${tag} Meu`);
  await change(page, NAME);
  await field.fill(`${tag} Outro`);
  const third = await api.get(`/customers/${record.id}`);
  expect(third.version).toBeGreaterThan(second.version);
  await api.change(`/customers/${record.id}`, third, { name: `${tag} Deles` });
  await field.press("Enter");
  await expect(page.getByText("salvou este registro")).toBeVisible();
  await expect(page.getByRole("button", { name: "Salvar resultado" })).toBeDisabled();
  await axe(page);
  await page.getByRole("button", { name: "Voltar a editar" }).click();
  await expect(field).toHaveValue(`${tag} Outro`);
  await field.press("Enter");
  await page.getByRole("button", { name: "Usar todos os meus" }).click();
  await page.getByRole("button", { name: "Salvar resultado" }).click();
  await expect(title).toHaveText(`${tag} Outro`);
  expect(await api.get(`/customers/${record.id}`)).toMatchObject({ name: `${tag} Outro`, trade_name: "Deles" });
});

test("lines are changed cell by cell and all together", { tag: "@dark" }, async ({ page, api }) => {
  const record = await request(api);
  await open(page, `/garantias/${record.id}`);
  const items = page.locator("section").filter({ has: page.getByRole("heading", { name: "Itens" }) });
  const first = items.getByRole("row").filter({ hasText: ITEM.product });

  await first.getByRole("button", { name: "Alterar Motivo" }).focus();
  await page.keyboard.press("Enter");
  const reason = first.getByRole("textbox", { name: "Motivo" });
  await reason.fill("Reinicia sozinho");
  await axe(page);
  await reason.press("Enter");
  await expect(first).toContainText("Reinicia sozinho");
  await expect(toast(page)).toContainText("Itens: alteração salva");
  await toast(page).getByRole("button", { name: "Desfazer" }).click();
  await expect(first).toContainText("Não liga");

  await page.getByRole("button", { name: "Adicionar Itens" }).click();
  const form = lines(page, "items");
  const line = form.locator("ol > li").last();
  await expect(line.getByRole("textbox", { name: "SKU" })).toBeFocused();
  await line.getByRole("textbox", { name: "SKU" }).fill("CB-1");
  await line.getByRole("textbox", { name: "Produto" }).fill("Cabo de rede");
  await axe(page);
  await page.getByRole("button", { name: "Salvar", exact: true }).click();
  await expect(line.getByText("Preencha este campo.")).toBeVisible();
  await line.getByRole("textbox", { name: "Motivo" }).fill("Rompido");
  await form.getByRole("button", { name: "Remover a linha 2" }).click();
  await page.getByRole("button", { name: "Salvar", exact: true }).click();
  await expect(items.getByRole("row").filter({ hasText: "Cabo de rede" })).toBeVisible();
  await expect(items.getByRole("row").filter({ hasText: FIRST.product })).toHaveCount(0);
  // The page shows the lines before the server has them.
  const stored = async (): Promise<unknown> => (await api.get(`/warranties/${record.id}`)).items;
  await expect.poll(stored).toMatchObject([{ sku: ITEM.sku }, { sku: "CB-1", reason: "Rompido" }]);
});

test("a section is changed as a whole, on a phone as well", { tag: "@phone" }, async ({ page, api }) => {
  const tag = word();
  const { id } = await api.post("/customers", { name: `${tag} Um` });
  await open(page, `/clientes/${id}`);
  const field = page.getByRole("textbox", { name: NAME });
  const section = page.locator("section").filter({ has: page.locator("dt", { hasText: NAME }) });
  await section.getByRole("button", { name: /^Alterar / }).first().click();
  await field.fill(`${tag} Dois`);
  await axe(page);
  await page.getByRole("button", { name: "Salvar", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(`${tag} Dois`);
});

test("a step without question is taken back", async ({ page, api }) => {
  const record = await request(api);
  await open(page, `/garantias/${record.id}`);
  const chip = page.locator("main .chip-lg");
  await expect(chip).toHaveText("Pendente");
  await page.keyboard.press("Control+Enter");
  const dialog = page.getByRole("alertdialog");
  await dialog.getByRole("textbox", { name: "Transportadora da devolução" }).fill("Correios");
  await dialog.getByRole("textbox", { name: "Código de postagem" }).fill("LR-1");
  await dialog.getByRole("button", { name: "Solicitar logística reversa" }).click();
  await expect(chip).toHaveText("Aguardando logística reversa");
  await toast(page).getByRole("button", { name: "Desfazer" }).click();
  await expect(chip).toHaveText("Pendente");
  expect(await api.get(`/warranties/${record.id}`)).toMatchObject({ status: "pending", return_code: null });
});

test("who else is there shows, and who changes something is announced", async ({ page, api, colleague }) => {
  const { id } = await api.post("/customers", { name: `${word()} Um` });
  await open(page, `/clientes/${id}`);
  const faces = page.locator("[data-presence]");
  await expect(faces).toHaveCount(0);
  const other = await colleague("inacio", `/clientes/${id}`);
  await expect(faces).toContainText("vendo");
  await expect(faces).toHaveAttribute("title", "Inácio Ramos está vendo este registro");
  await expect(other.locator("[data-presence]")).toContainText("vendo");

  await other.getByRole("link", { name: "Editar" }).first().click();
  await expect(page.getByText(/^Inácio Ramos está editando este registro desde \d\d:\d\d/)).toBeVisible();
  await expect(faces).toContainText("editando");
  await expect(other.getByText("Helena Vale também está neste registro.")).toBeVisible();
  await axe(page);
  await axe(other);
  await other.close();
  await expect(faces).toHaveCount(0);
});

test("records are walked through in the order of the list", async ({ page, api }) => {
  const tag = word();
  await api.create("/customers", ["A", "B", "C"].map((letter) => ({ name: `${tag} ${letter}` })));
  await open(page, `/clientes?q=${tag}`);
  await page.getByRole("link", { name: `${tag} A` }).first().click();
  const title = page.getByRole("heading", { level: 1 });
  await expect(title).toHaveText(`${tag} A`);
  const [before, after] = [page.getByRole("button", { name: /^Anterior da lista/ }), page.getByRole("button", { name: /^Próximo da lista/ })];
  await expect(before).toBeDisabled();
  await after.click();
  await expect(title).toHaveText(`${tag} B`);
  await page.keyboard.press("j");
  await expect(title).toHaveText(`${tag} C`);
  await expect(after).toBeDisabled();
  await expect(page.getByText("3 de 3")).toBeVisible();
  await axe(page);
  await page.keyboard.press("k");
  await expect(title).toHaveText(`${tag} B`);
});

test("documents are looked at without leaving the record", { tag: ["@dark", "@phone"] }, async ({ page, api }) => {
  const record = await request(api);
  await open(page, `/garantias/${record.id}`);
  const text = `Laudo do técnico: ${word()}`;
  const panel = page.locator("section").filter({ has: page.getByRole("heading", { name: "Documentos" }) });
  const input = panel.locator("input[type=file]");
  await input.setInputFiles({ name: "laudo.txt", mimeType: "text/plain", buffer: Buffer.from(text) });
  await expect(panel.getByRole("button", { name: "Ver laudo.txt" })).toBeVisible();
  await input.setInputFiles({ name: "foto.png", mimeType: "image/png", buffer: PNG });
  await panel.getByRole("button", { name: "Ver foto.png" }).click();

  const box = page.getByRole("dialog", { name: "Prévia do documento" });
  await expect(box.getByRole("img", { name: "foto.png" })).toBeVisible();
  await expect(box.getByText("1 de 2")).toBeVisible();
  await axe(page);
  await page.keyboard.press("ArrowRight");
  await expect(box.getByText(text)).toBeVisible();
  await expect(box.getByRole("button", { name: /^Próximo documento/ })).toBeDisabled();
  await axe(page);
  const download = page.waitForEvent("download");
  await box.getByRole("button", { name: "Baixar laudo.txt" }).click();
  expect((await download).suggestedFilename()).toBe("laudo.txt");
  await page.keyboard.press("Escape");
  await expect(box).toHaveCount(0);
  await expect(panel.getByRole("button", { name: "Ver foto.png" })).toBeFocused();
});

test("a record is printed black on white with its lines", { tag: "@dark" }, async ({ page, api }) => {
  const record = await request(api);
  await open(page, `/garantias/${record.id}`);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(`Garantia ${String(record.number)}`);
  await page.evaluate(() => {
    window.print = () => document.body.setAttribute("data-printed", "");
  });
  await pick(page, "Mais ações", "Imprimir");
  await expect(page.locator("body[data-printed]")).toBeAttached();

  await page.emulateMedia({ media: "print" });
  await page.setViewportSize({ width: 718, height: 1000 });
  await expect(page.locator(".print-head")).toContainText("Pendente");
  await expect(page.locator(".print-head")).toContainText("por Helena Vale");
  await expect(page.getByRole("navigation").filter({ visible: true })).toHaveCount(0);
  await expect(page.getByRole("button").filter({ visible: true })).toHaveCount(0);
  await expect(page.getByRole("row").filter({ hasText: ITEM.product })).toBeVisible();
  const colours = await page.evaluate(() => {
    const title = document.querySelector("h1");
    return [getComputedStyle(document.body).backgroundColor, title && getComputedStyle(title).color];
  });
  expect(colours).toEqual(["rgb(255, 255, 255)", "rgb(0, 0, 0)"]);
  await test.info().attach("paper", { body: await page.screenshot({ fullPage: true }), contentType: "image/png" });
});

test("a record linked to another begins with it", async ({ page, api }) => {
  const customer = await api.post("/customers", { name: `${word()} Alves` });
  await open(page, `/clientes/${customer.id}`);
  const panel = page.locator("section").filter({ has: page.getByRole("heading", { name: "Garantias e trocas" }) });
  await panel.getByRole("link", { name: "Nova garantia" }).click();
  await expect(page.getByRole("combobox", { name: "Cliente" })).toHaveValue(String(customer.name));
  await page.goBack();
  await expect(page.getByRole("heading", { level: 1, name: String(customer.name) })).toBeVisible();
  await page.keyboard.press("c");
  await expect(page.getByLabel("Novo comentário")).toBeFocused();
});
