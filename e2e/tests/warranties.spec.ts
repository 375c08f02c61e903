import { readFile } from "node:fs/promises";

import type { Api, Record } from "../support/api.ts";
import { axe } from "../support/axe.ts";
import { expect, test, type Page } from "../support/fixtures.ts";
import { addLine, choose, lines, pick, toast } from "../support/form.ts";
import { open } from "../support/login.ts";
import { bell, notice, unread } from "../support/notices.ts";
import { word } from "../support/people.ts";

const ITEM = { sku: "RT-AX1800-V2", product: "Roteador Wi-Fi 6", reason: "Não liga", quantity: 1000, unit_price: 38_990 };

/** A warranty request of a customer of its own. */
async function request(api: Api, owner_id?: string): Promise<Record> {
  const customer = await api.post("/customers", { name: `${word()} Alves` });
  return api.post("/warranties", { customer_id: customer.id, items: [ITEM], owner_id });
}

/** The number, which is also what the record is called. */
function title(record: Record): string {
  return `Garantia ${String(record.number)}`;
}

async function dialogStep(page: Page, button: string, values: { [label: string]: string }): Promise<void> {
  await page.getByRole("button", { name: button, exact: true }).click();
  const dialog = page.getByRole("alertdialog");
  for (const [label, value] of Object.entries(values)) {
    await dialog.getByRole("textbox", { name: label }).fill(value);
  }
  await dialog.getByRole("button", { name: button, exact: true }).click();
  await expect(dialog).toHaveCount(0);
}

test("a request is opened for a customer that was searched", async ({ page, api }) => {
  const name = `${word()} da Glória`;
  const customer = await api.post("/customers", { name });
  await open(page, "/garantias");
  await page.getByRole("link", { name: "Nova garantia" }).click();
  await choose(page.getByRole("combobox", { name: "Cliente" }), name.toLowerCase().replace("ó", "o"), name);
  await expect(page.getByRole("combobox", { name: "Cliente" })).toHaveValue(name);
  await page.getByRole("textbox", { name: "Pedido de origem" }).fill("118-2026");
  await page.getByRole("button", { name: "Sou eu" }).click();

  const items = lines(page, "items");
  const wanted = [["RT-AX1800", "Roteador", "38990"], ["FT-12V2A", "Fonte 12 V", "6490"]] as const;
  for (const [at, [sku, product, price]] of wanted.entries()) {
    // A request needs an item, so the first line is there already.
    const line = at === 0 ? items.locator("ol > li") : await addLine(items);
    await line.getByRole("textbox", { name: "SKU" }).fill(sku);
    await line.getByRole("textbox", { name: "Produto" }).fill(product);
    await line.getByRole("textbox", { name: "Motivo" }).fill("Não liga");
    await line.getByRole("textbox", { name: "Quantidade" }).fill("2");
    // Cents fill an amount from the right, wherever one clicked into it.
    const amount = line.getByRole("textbox", { name: "Valor unitário" });
    await amount.click();
    await expect.poll(() => amount.evaluate((field: HTMLInputElement) => field.selectionEnd)).toBe(4);
    await page.keyboard.type(price);
  }
  await expect(items).toContainText("909,60");
  await axe(page);
  await page.getByRole("button", { name: /^Criar Ctrl/ }).click();

  await expect(page.getByRole("heading", { level: 1, name: /^Garantia GR-\d{6}$/ })).toBeVisible();
  await expect(page.getByText("GR1", { exact: true })).toBeVisible();
  await expect(page.getByText("R$ 909,60").first()).toBeVisible();
  await axe(page);
  const [stored] = await api.list(`/warranties?filter[customer_id]=${customer.id}`);
  expect(stored).toMatchObject({ marker: "GR1", total: 90_960, status: "pending" });
});

test("items without what they need are refused where they are", async ({ page, api }) => {
  const customer = await api.post("/customers", { name: `${word()} Terra` });
  await open(page, `/garantias/novo?customer_id=${customer.id}`);
  await expect(page.getByRole("combobox", { name: "Cliente" })).toHaveValue(String(customer.name));
  const items = lines(page, "items");
  await items.getByRole("textbox", { name: "Quantidade" }).fill("0");
  await page.getByRole("button", { name: /^Criar Ctrl/ }).click();
  const summary = page.getByRole("alert");
  await expect(summary.getByRole("link", { name: /SKU/ })).toBeVisible();
  await expect(items.getByText("Informe um valor maior que zero.")).toBeVisible();
  await summary.getByRole("link", { name: /SKU/ }).click();
  await expect(items.getByRole("textbox", { name: "SKU" })).toBeFocused();
  await axe(page);
});

test("a request goes its way: return, order that asks for the return, check by somebody else", async ({ page, api, colleague }) => {
  const owner = await api.user(`Olga ${word()}`, "admin_cs");
  const record = await request(api, owner.id);
  await open(page, `/garantias/${record.id}`, owner);
  await dialogStep(page, "Solicitar logística reversa", { "Transportadora da devolução": "Correios", "Código de postagem": "LR-1" });
  await expect(toast(page)).toContainText("agora está em “Aguardando logística reversa”");

  // What the guard waits for is asked for, not refused.
  await page.getByRole("button", { name: "Gerar pedido", exact: true }).click();
  const dialog = page.getByRole("alertdialog");
  const received = dialog.getByRole("textbox", { name: "Devolução recebida em" });
  await dialog.getByRole("button", { name: "Gerar pedido", exact: true }).click();
  await expect(received).toHaveAttribute("aria-invalid", "true");
  await received.pressSequentially("20112026");
  await expect(received).toHaveValue("20/11/2026");
  await dialog.getByRole("textbox", { name: "Pedido no ERP" }).fill("48.213");
  await dialog.getByRole("button", { name: "Gerar pedido", exact: true }).click();
  await expect(toast(page)).toContainText("agora está em “Gerado”");
  await expect(page.getByRole("button", { name: "Marcar como conferido" })).toHaveAccessibleDescription("");

  const before = await unread(page);
  const guiomar = await colleague("guiomar", "/");
  await (await notice(guiomar, `${String(record.number)} aguarda sua conferência`)).getByRole("link").click();
  await expect(guiomar.getByRole("heading", { level: 1, name: title(record) })).toBeVisible();
  await guiomar.getByRole("button", { name: "Marcar como conferido" }).click();
  await expect(toast(guiomar)).toContainText("agora está em “Conferido”");

  // The owner, on the page all the while, hears of it and sees it.
  await expect(bell(page)).toHaveAccessibleName(`Notificações: ${before + 1} não lidas`);
  await expect(page.locator(".chip-lg")).toHaveText("Conferido");
  await expect(await notice(page, `${String(record.number)} foi conferida`)).toBeVisible();
  await axe(page);
});

test("a request is cancelled only after a question, with a reason", async ({ page, api }) => {
  const record = await request(api);
  await open(page, `/garantias/${record.id}`);
  await pick(page, "Mais ações", "Cancelar…");
  const dialog = page.getByRole("alertdialog");
  await expect(dialog).toContainText(`Cancelar: ${title(record)}`);
  await axe(page);
  await dialog.getByRole("button", { name: "Cancelar", exact: true }).click();
  await expect(dialog.getByText("Preencha este campo.")).toBeVisible();
  await dialog.getByRole("textbox", { name: "Motivo do cancelamento" }).fill("Cliente desistiu");
  await dialog.getByRole("button", { name: "Cancelar", exact: true }).click();
  await expect(page.locator(".chip-lg")).toHaveText("Cancelado");
  expect(await api.get(`/warranties/${record.id}`)).toMatchObject({ status: "cancelled", cancel_reason: "Cliente desistiu" });
});

test("a colleague is mentioned in a comment and told", async ({ page, api, colleague }) => {
  const record = await request(api);
  await open(page, `/garantias/${record.id}`);
  const activity = page.getByRole("region", { name: "Atividade" });
  const field = activity.getByLabel("Novo comentário");
  await field.pressSequentially("Veja isto, @Guio");
  await page.getByRole("option", { name: "Guiomar Luz" }).click();
  await field.pressSequentially("por favor");
  await activity.getByRole("button", { name: "Comentar" }).click();
  const comment = activity.getByRole("listitem").filter({ hasText: "Veja isto, @Guiomar Luz por favor" });
  await expect(comment).toContainText("Helena Vale");
  await expect(comment.locator(".mention")).toHaveText("@Guiomar Luz");
  await expect(field).toHaveValue("");
  await axe(page);

  const guiomar = await colleague("guiomar", "/");
  await (await notice(guiomar, `Helena Vale mencionou você em ${String(record.number)}`)).getByRole("link").click();
  await expect(guiomar.getByRole("region", { name: "Atividade" })).toContainText("Veja isto, @Guiomar Luz");

  await comment.getByRole("button", { name: "Excluir" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Excluir comentário" }).click();
  await expect(comment).toHaveCount(0);
});

test("a file is attached, fetched and taken out", async ({ page, api }) => {
  const record = await request(api);
  await open(page, `/garantias/${record.id}`);
  const text = `Laudo do técnico: ${word()}\n`;
  const panel = page.locator("section").filter({ has: page.getByRole("heading", { name: "Documentos" }) });
  await panel.locator("input[type=file]").setInputFiles({ name: "laudo.txt", mimeType: "text/plain", buffer: Buffer.from(text) });
  const file = panel.getByRole("button", { name: "Baixar laudo.txt" });
  await expect(file).toBeVisible();
  await expect(page.getByRole("region", { name: "Atividade" })).toContainText("anexou laudo.txt");

  const download = page.waitForEvent("download");
  await file.click();
  expect(await readFile(await (await download).path(), "utf8")).toBe(text);

  await panel.getByRole("button", { name: "Excluir laudo.txt" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Excluir documento" }).click();
  await expect(file).toHaveCount(0);
});

test("a request is followed on a phone", { tag: "@phone" }, async ({ page, api }) => {
  const record = await request(api);
  await open(page, `/garantias/${record.id}`);
  await dialogStep(page, "Solicitar logística reversa", { "Transportadora da devolução": "Correios", "Código de postagem": "LR-2" });
  await expect(page.locator(".chip-lg")).toHaveText("Aguardando logística reversa");
  await axe(page);
});
