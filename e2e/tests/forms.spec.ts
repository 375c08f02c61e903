import { axe } from "../support/axe.ts";
import { expect, test, type Page } from "../support/fixtures.ts";
import { addLine, choose, lines, toast } from "../support/form.ts";
import { open } from "../support/login.ts";
import { cpf, dotted, mobile, spoken, word } from "../support/people.ts";

const TITLE = "Nome ou razão social";

/** Puts a text into the clipboard and pastes it. */
async function paste(page: Page, text: string): Promise<void> {
  await page.evaluate((text) => navigator.clipboard.writeText(text), text);
  await page.keyboard.press("Control+v");
}

/** What this browser keeps under names that begin so. */
function kept(page: Page, beginning: string): Promise<string[]> {
  return page.evaluate((beginning) => {
    const names = Object.keys(localStorage).filter((name) => name.startsWith(beginning));
    return names.map((name) => localStorage.getItem(name) ?? "");
  }, beginning);
}

test("values get their punctuation while typed, pasted and mended", async ({ page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await open(page, "/clientes/novo");
  const document = page.getByRole("textbox", { name: "CPF ou CNPJ" });
  await document.pressSequentially("12abc34501de35");
  await expect(document).toHaveValue("12.ABC.345/01DE-35");

  // The caret stays where somebody mends something, whatever the punctuation does.
  await document.fill("");
  await document.pressSequentially("60511822800");
  await expect(document).toHaveValue("605.118.228-00");
  await document.evaluate((field: HTMLInputElement) => field.setSelectionRange(5, 5));
  await page.keyboard.press("Backspace");
  await page.keyboard.type("2");
  await expect(document).toHaveValue("605.218.228-00");
  expect(await document.evaluate((field: HTMLInputElement) => field.selectionStart)).toBe(5);

  await document.fill("");
  await paste(page, " 12 ABC 345/01DE-35");
  await expect(document).toHaveValue("12.ABC.345/01DE-35");
  const birth = page.getByRole("textbox", { name: "Data de nascimento" });
  await birth.focus();
  await paste(page, "1984-03-07");
  await expect(birth).toHaveValue("07/03/1984");
  await expect(birth).toHaveAttribute("inputmode", "numeric");

  const contact = await addLine(lines(page, "contacts"));
  await contact.getByRole("combobox", { name: "Canal" }).selectOption({ label: "WhatsApp" });
  const phone = contact.getByRole("textbox", { name: "Contato" });
  const number = mobile();
  await phone.focus();
  await paste(page, `+55 ${spoken(number)}`);
  await expect(phone).toHaveValue(spoken(number));
  await expect(phone).toHaveAttribute("inputmode", "tel");
});

test("amounts and quantities are read the way they are written", async ({ page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await open(page, "/garantias/novo");
  const line = lines(page, "items").locator("ol > li");
  const price = line.getByRole("textbox", { name: "Valor unitário" });
  await price.focus();
  await paste(page, "R$ 1.234,5");
  await expect(price).toHaveValue("1.234,50");
  const quantity = line.getByRole("textbox", { name: "Quantidade" });
  await quantity.fill("");
  await quantity.pressSequentially("2.5");
  await expect(quantity).toHaveValue("2,5");
  await expect(lines(page, "items")).toContainText("3.086,25");
});

test("a day is chosen in the calendar with the keyboard", { tag: ["@dark", "@phone"] }, async ({ page }) => {
  await open(page, "/garantias/novo");
  const field = page.getByRole("textbox", { name: "Prazo" });
  await field.fill("16/11/2026");
  await field.press("ArrowDown");
  const calendar = page.getByRole("dialog", { name: "Calendário" });
  await expect(calendar.getByRole("button", { name: /^Segunda-feira, 16 de novembro de 2026/ })).toBeFocused();
  await expect(calendar.getByRole("grid")).toHaveAccessibleName("novembro de 2026");
  await expect(calendar.getByRole("columnheader").first()).toHaveText(/Domingo$/);
  await axe(page);

  await page.keyboard.press("ArrowLeft");
  await expect(calendar.getByRole("button", { name: "Domingo, 15 de novembro de 2026, Proclamação da República" })).toBeFocused();
  await page.keyboard.press("End");
  await expect(calendar.getByRole("button", { name: /^Sábado, 21 de novembro/ })).toBeFocused();
  await page.keyboard.press("PageDown");
  await expect(calendar.getByRole("grid")).toHaveAccessibleName("dezembro de 2026");
  await expect(calendar.getByRole("button", { name: /^Segunda-feira, 21 de dezembro/ })).toBeFocused();
  await page.keyboard.press("Home");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await expect(calendar).toHaveCount(0);
  await expect(field).toBeFocused();
  await expect(field).toHaveValue("27/12/2026");

  await field.press("ArrowDown");
  await page.keyboard.press("Escape");
  await expect(calendar).toHaveCount(0);
  await expect(field).toBeFocused();
  await expect(field).toHaveValue("27/12/2026");
});

test("rules speak while typing, across fields and in lines", async ({ page }) => {
  await open(page, "/clientes/novo");
  const document = page.getByRole("textbox", { name: "CPF ou CNPJ" });
  await document.pressSequentially(cpf());
  await document.press("Tab");
  const rule = page.getByText("Pessoa jurídica tem CNPJ.");
  await expect(rule).toHaveCount(0);
  await page.getByRole("radio", { name: "Pessoa jurídica" }).click();
  await expect(rule).toBeVisible();
  await page.getByRole("radio", { name: "Pessoa física" }).click();
  await expect(rule).toHaveCount(0);

  await page.goto("/garantias/novo");
  const quantity = lines(page, "items").getByRole("textbox", { name: "Quantidade" });
  await quantity.fill("0");
  await expect(page.getByText("Informe um valor maior que zero.")).toHaveCount(0);
  await quantity.press("Tab");
  await expect(page.getByText("Informe um valor maior que zero.")).toBeVisible();
  await quantity.fill("2");
  await expect(page.getByText("Informe um valor maior que zero.")).toHaveCount(0);
});

test("saving leads to the first thing that is wrong, also when the server says it", async ({ page, api }) => {
  const customer = await api.post("/customers", { name: `${word()} Dutra` });
  await open(page, `/garantias/novo?customer_id=${customer.id}`);
  await expect(page.getByRole("combobox", { name: "Cliente" })).toHaveValue(String(customer.name));
  const items = lines(page, "items");
  await page.keyboard.press("Control+s");
  await expect(items.getByRole("textbox", { name: "SKU" })).toBeFocused();
  await expect(page.getByRole("alert").getByRole("link")).toHaveCount(3);

  for (const [label, value] of [["SKU", "FT-1"], ["Produto", "Fonte"], ["Motivo", "Não liga"], ["Quantidade", "1"]] as const) {
    await items.getByRole("textbox", { name: label }).fill(value);
  }
  await page.route("**/api/v1/warranties", (route) =>
    route.fulfill({
      status: 422,
      contentType: "application/problem+json",
      json: {
        type: "about:blank",
        title: "Valores recusados",
        status: 422,
        code: "validation",
        errors: [{ field: "items.0.quantity", code: "range", message: "Só há uma peça desta." }],
      },
    }),
  );
  await page.keyboard.press("Control+Enter");
  const quantity = items.getByRole("textbox", { name: "Quantidade" });
  await expect(quantity).toBeFocused();
  await expect(quantity).toHaveAccessibleDescription(/Só há uma peça desta\./);
  await expect(page.getByRole("alert").getByRole("link", { name: /linha 1: Quantidade/ })).toBeVisible();
  await page.unroute("**/api/v1/warranties");
  await quantity.fill("2");
  await expect(page.getByText("Só há uma peça desta.")).toHaveCount(0);
});

test("a customer is made in place, and offered again", { tag: ["@dark", "@phone"] }, async ({ page, api }) => {
  const name = `${word()} Cambará`;
  await open(page, "/garantias/novo");
  const box = page.getByRole("combobox", { name: "Cliente" });
  await box.pressSequentially(name);
  await expect(page.getByRole("status").filter({ hasText: "Nada encontrado." })).toHaveCount(1);
  await box.press("Enter");
  const drawer = page.getByRole("dialog", { name: "Novo cliente" });
  await expect(drawer.getByRole("textbox", { name: TITLE })).toHaveValue(name);
  await axe(page);

  // What was typed is not lost by a slip.
  await drawer.getByRole("textbox", { name: "CPF ou CNPJ" }).pressSequentially("111");
  await page.keyboard.press("Escape");
  await expect(drawer.getByRole("alert").filter({ hasText: "se perde" })).toBeVisible();
  await drawer.getByRole("button", { name: "Continuar editando" }).click();
  await page.keyboard.press("Control+Enter");
  const document = drawer.getByRole("textbox", { name: "CPF ou CNPJ" });
  await expect(document).toBeFocused();
  await expect(document).toHaveAttribute("aria-invalid", "true");
  const number = cpf();
  await document.fill("");
  await document.pressSequentially(number);
  await page.keyboard.press("Control+Enter");
  await expect(drawer).toHaveCount(0);
  await expect(toast(page)).toContainText(`${name} foi criado`);
  await expect(box).toHaveValue(name);
  const [stored] = await api.list(`/customers?q=${number}`);
  expect(stored).toMatchObject({ name });

  // The form around it is untouched, and the choice is at hand the next time.
  await expect(page.getByRole("heading", { level: 1, name: "Nova garantia" })).toBeVisible();
  await box.fill("");
  await box.press("Tab");
  await box.click();
  const list = page.getByRole("listbox").filter({ visible: true });
  await list.getByRole("option", { name }).click();
  await expect(box).toHaveValue(name);
});

test("somebody who is there already is used instead of made again", async ({ page, api }) => {
  const [name, number] = [`${word()} Terra`, cpf()];
  await api.post("/customers", { name, document: number });
  await open(page, "/garantias/novo");
  const box = page.getByRole("combobox", { name: "Cliente" });
  await box.pressSequentially("Ninguem assim");
  await expect(page.getByRole("status").filter({ hasText: "Nada encontrado." })).toHaveCount(1);
  await box.press("Enter");
  const drawer = page.getByRole("dialog", { name: "Novo cliente" });
  await drawer.getByRole("textbox", { name: "CPF ou CNPJ" }).pressSequentially(dotted(number));
  await drawer.getByRole("button", { name: `Usar ${name}` }).click();
  await expect(drawer).toHaveCount(0);
  await expect(box).toHaveValue(name);
});

test("whoever may not make customers is not offered to", async ({ page, api }) => {
  const customer = await api.post("/customers", { name: `${word()} Vargas` });
  const item = { sku: "FT-12", product: "Fonte", reason: "Não liga", quantity: 1000 };
  const warranty = await api.post("/warranties", { customer_id: customer.id, items: [item] });
  await open(page, `/garantias/${warranty.id}/editar`, await api.user(`Tales ${word()}`, "tecnico_eletronico"));
  const box = page.getByRole("combobox", { name: "Cliente" });
  await box.fill("");
  await box.pressSequentially(String(customer.name));
  const list = page.getByRole("listbox").filter({ visible: true });
  await expect(list.getByRole("option")).toHaveCount(1);
  await expect(list.getByRole("option", { name: "Novo cliente" })).toHaveCount(0);
});

test("a draft comes back with its age, keeps no value that was only looked at, and can be dropped", async ({ page, api }) => {
  const name = `${word()} Quaresma`;
  await open(page, "/clientes/novo");
  await page.getByRole("textbox", { name: TITLE }).fill(name);
  await page.getByRole("link", { name: "Início" }).first().click();
  await expect(toast(page)).toContainText("O rascunho ficou guardado");
  await toast(page).getByRole("button", { name: "Voltar ao rascunho" }).click();
  await expect(page.getByRole("textbox", { name: TITLE })).toHaveValue(name);
  const notice = page.getByRole("status").filter({ hasText: "Recuperamos o que você digitou" });
  await expect(notice).toContainText("agora");

  // A reload is no loss either; the tab asks before it closes.
  page.once("dialog", (dialog) => dialog.accept());
  await page.reload();
  await expect(page.getByRole("textbox", { name: TITLE })).toHaveValue(name);
  await axe(page);
  await notice.getByRole("button", { name: "Descartar o que digitei" }).click();
  await expect(page.getByRole("textbox", { name: TITLE })).toHaveValue("");
  expect(await kept(page, "conexao.draft.")).toEqual([]);

  const number = cpf();
  const { id } = await api.post("/customers", { name, document: number });
  await page.goto(`/clientes/${id}/editar`);
  await expect(page.getByRole("textbox", { name: "CPF ou CNPJ" })).toHaveValue(dotted(number));
  await page.getByRole("textbox", { name: "Observações" }).fill("Prefere contato à tarde");
  await expect(page.getByText(/^Rascunho salvo/)).toBeVisible();
  const [draft] = await kept(page, "conexao.draft.");
  expect(draft).toContain("Prefere contato à tarde");
  expect(draft).not.toContain(number);
});

test("a postal code tells its state, and the state the municipalities", async ({ page }) => {
  await open(page, "/clientes/novo");
  const address = await addLine(lines(page, "addresses"));
  const [cep, uf] = [address.getByRole("textbox", { name: "CEP" }), address.getByRole("combobox", { name: "UF" })];
  await expect(cep).toHaveAttribute("inputmode", "numeric");
  await cep.pressSequentially("69301110");
  await expect(cep).toHaveValue("69301-110");
  await expect(uf).toHaveValue("RR");
  await expect(uf).toHaveAccessibleDescription("Veio do CEP.");

  // Those of the state are offered before anything is typed.
  const place = address.getByRole("combobox", { name: /^Município/ });
  await place.click();
  const list = page.getByRole("listbox").filter({ visible: true });
  await expect(list.getByRole("option").first()).toHaveText(/Boa Vista\/RR$/);
  await place.press("Escape");
  await choose(place, "caracarai", "Caracaraí/RR");
  const city = address.getByRole("textbox", { name: "Cidade" });
  await expect(city).toHaveValue("Caracaraí");
  await expect(city).toHaveAccessibleDescription("Veio do município.");
  await city.fill("Outra");
  await expect(address.getByText("Veio do município.")).toHaveCount(1);

  // What somebody chose is not overwritten, but what does not fit is said.
  await uf.selectOption("AM");
  await cep.fill("");
  await cep.pressSequentially("01310100");
  await expect(uf).toHaveValue("AM");
  await expect(cep).toHaveAccessibleDescription(/Este CEP é de SP, e o endereço está em AM\./);
  await axe(page);
});
