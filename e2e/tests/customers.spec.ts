import { axe } from "../support/axe.ts";
import { expect, test } from "../support/fixtures.ts";
import { addLine, choose, lines, pick, toast } from "../support/form.ts";
import { open } from "../support/login.ts";
import { cpf, dotted, mobile, spoken, word } from "../support/people.ts";

const TITLE = "Nome ou razão social";

test.describe("a customer is found", { tag: ["@dark", "@phone"] }, () => {
  test("by name without accents, and by CPF with punctuation", async ({ page, api, isMobile }) => {
    const [name, document] = [`Conceição ${word()} Iraê`, cpf()];
    await api.post("/customers", { name, document });
    await open(page, "/clientes");
    const search = page.getByRole("searchbox", { name: "Buscar em Clientes" });
    const row = isMobile ? page.getByRole("listitem").filter({ hasText: name }) : page.getByRole("row").filter({ hasText: name });

    await search.fill(name.toLowerCase().replace("conceição", "conceicao").replace("iraê", "irae"));
    await expect(row).toBeVisible();
    await expect(page.getByRole("status").filter({ hasText: "1 encontrado" })).toBeVisible();
    await search.fill(dotted(document));
    await expect(page).toHaveURL(/q=\d{3}/);
    await expect(row).toBeVisible();
    await axe(page);

    await row.getByRole("link").first().click();
    await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
    await axe(page);
  });
});

test("the list filters, sorts and turns its pages", async ({ page, api }) => {
  const tag = word();
  const names = Array.from({ length: 27 }, (_, at) => `${tag} ${String.fromCharCode(65 + at % 26)}${at}`);
  await api.create("/customers", names.map((name) => ({ name, tags: [tag] })));
  await open(page, "/clientes?limit=25");

  await page.getByRole("button", { name: "Filtro" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Etiquetas" }).click();
  await page.getByRole("dialog").getByRole("textbox").fill(tag);
  await page.getByRole("dialog").getByRole("textbox").press("Enter");
  await page.getByRole("button", { name: "Concluir" }).click();
  await expect(page.getByText("27 encontrados")).toBeVisible();
  const rows = page.getByRole("row").filter({ hasText: tag });
  await expect(rows).toHaveCount(25);

  const head = page.getByRole("columnheader", { name: TITLE });
  await expect(head).toHaveAttribute("aria-sort", "ascending");
  await expect(rows.first()).toContainText(`${tag} A0`);
  await head.getByRole("button").click();
  await expect(head).toHaveAttribute("aria-sort", "descending");
  await expect(rows.first()).toContainText(`${tag} Z25`);

  await page.getByRole("button", { name: "Próximas" }).click();
  await expect(rows).toHaveCount(2);
  await expect(page.getByText("fim da lista")).toBeVisible();
  // What a list shows is in its address.
  await page.reload();
  await expect(rows).toHaveCount(2);
  await page.getByRole("button", { name: "Anteriores" }).click();
  await expect(rows).toHaveCount(25);

  await page.getByRole("button", { name: "Remover filtro: Etiquetas" }).click();
  await expect(page).not.toHaveURL(/filter/);
});

test("a list is walked through with the keyboard", async ({ page, api }) => {
  const tag = word();
  const names = ["A", "B", "C"].map((letter) => `${tag} ${letter}`);
  await api.create("/customers", names.map((name) => ({ name })));
  await open(page, `/clientes?q=${tag}`);
  const cursor = page.locator("tr.is-cursor");
  await expect(page.getByRole("row").filter({ hasText: tag })).toHaveCount(3);

  await page.keyboard.press("j");
  await expect(cursor).toContainText(`${tag} A`);
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  await expect(cursor).toContainText(`${tag} C`);
  await page.keyboard.press("k");
  await expect(cursor).toContainText(`${tag} B`);
  await page.keyboard.press("x");
  await expect(page.getByRole("toolbar", { name: "Ações para os selecionados" })).toContainText("1 selecionado");
  await page.keyboard.press("Escape");
  await expect(page.getByRole("toolbar")).toHaveCount(0);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: `${tag} B` })).toBeVisible();
});

test("a customer is created with help, checked while typing", async ({ page, api }) => {
  const [tag, phone, document] = [word(), mobile(), cpf()];
  const twin = await api.post("/customers", { name: `${tag} Antiga`, contacts: [{ channel: "phone", value: phone }] });
  await open(page, "/clientes");
  await page.getByRole("link", { name: "Novo cliente" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Novo cliente" })).toBeVisible();

  await page.getByRole("button", { name: /^Criar Ctrl/ }).click();
  await expect(page.getByRole("alert")).toContainText("Falta um ajuste para salvar.");
  await page.getByRole("alert").getByRole("link", { name: TITLE }).click();
  await expect(page.getByRole("textbox", { name: TITLE })).toBeFocused();
  await page.keyboard.type(`${tag} Nova`);

  const field = page.getByRole("textbox", { name: "CPF ou CNPJ" });
  const wrong = `${document.slice(0, 10)}${(Number(document[10]) + 1) % 10}`;
  await field.pressSequentially(wrong);
  await expect(field).toHaveValue(dotted(wrong));
  const complaint = page.getByText("Os dois últimos dígitos não batem com o restante do CPF.").last();
  await expect(complaint).toBeVisible();
  await axe(page);
  await field.press("Backspace");
  await field.press(document.slice(10));
  await expect(page.getByText("Os dois últimos dígitos")).toHaveCount(0);

  const contact = await addLine(lines(page, "contacts"));
  await contact.getByRole("combobox", { name: "Canal" }).selectOption({ label: "WhatsApp" });
  const value = contact.getByRole("textbox", { name: "Contato" });
  await value.pressSequentially(phone);
  await expect(value).toHaveValue(spoken(phone));
  const hint = page.getByText("Pode ser o mesmo cadastro.");
  await expect(hint).toBeVisible();
  await expect(page.getByRole("link", { name: `Abrir ${tag} Antiga em outra aba` })).toHaveAttribute("href", `/clientes/${twin.id}`);
  await page.getByRole("button", { name: "É outro caso" }).click();
  await expect(hint).toHaveCount(0);

  const address = await addLine(lines(page, "addresses"));
  const cep = address.getByRole("textbox", { name: "CEP" });
  await cep.pressSequentially("24020005");
  await expect(cep).toHaveValue("24020-005");
  await address.getByRole("textbox", { name: "Rua" }).fill("Rua da Conceição");
  await address.getByRole("textbox", { name: "Número" }).fill("95");
  await choose(address.getByRole("combobox", { name: /^Município/ }), "niteroi", "Niterói/RJ");
  await expect(address.getByRole("textbox", { name: "Cidade" })).toHaveValue("Niterói");
  await expect(address.getByRole("combobox", { name: "UF" })).toHaveValue("RJ");

  await page.getByRole("button", { name: /^Criar Ctrl/ }).click();
  await expect(page.getByRole("heading", { level: 1, name: `${tag} Nova` })).toBeVisible();
  await expect(toast(page)).toContainText("foi salvo");
  const [stored] = await api.list(`/customers?q=${document}`);
  expect(stored).toMatchObject({ name: `${tag} Nova`, city: "Niterói", uf: "RJ" });
});

test("a masked CPF is revealed, an edit and a removal leave their trace", async ({ page, api }) => {
  const [tag, document] = [word(), cpf()];
  const { id } = await api.post("/customers", { name: `${tag} Um`, document });
  await open(page, `/clientes/${id}`);
  const activity = page.getByRole("region", { name: "Atividade" });

  await expect(page.getByText(`•••.${document.slice(3, 6)}.${document.slice(6, 9)}-••`)).toBeVisible();
  await expect(page.getByText(dotted(document))).toHaveCount(0);
  await page.getByRole("button", { name: "Revelar CPF ou CNPJ (fica registrado na auditoria)" }).click();
  await expect(page.getByText(dotted(document))).toBeVisible();
  await activity.getByRole("tab", { name: /^Auditoria/ }).click();
  await expect(activity.getByRole("listitem").filter({ hasText: "revelou dados pessoais" })).toContainText("Helena Vale");

  await page.getByRole("link", { name: "Editar" }).first().click();
  await expect(page.getByRole("heading", { level: 1, name: `Editar ${tag} Um` })).toBeVisible();
  await page.getByRole("textbox", { name: TITLE }).fill(`${tag} Dois`);
  await page.getByRole("button", { name: /^Salvar alterações/ }).click();
  await expect(page.getByRole("heading", { level: 1, name: `${tag} Dois` })).toBeVisible();
  const change = activity.getByRole("listitem").filter({ hasText: `alterou ${TITLE}` });
  await expect(change).toContainText("Helena Vale");
  await expect(change).toContainText(`${tag} Um`);
  await expect(change).toContainText(`${tag} Dois`);

  await pick(page, "Mais ações", "Excluir");
  await expect(toast(page)).toContainText(`${tag} Dois foi excluído`);
  await expect(page).toHaveURL(/\/clientes$/);
  await toast(page).getByRole("button", { name: "Desfazer" }).click();
  await expect(page.getByRole("heading", { level: 1, name: `${tag} Dois` })).toBeVisible();
  await expect(activity.getByRole("listitem").filter({ hasText: "restaurou o registro" })).toBeVisible();
});

test("two people who edit at once choose between their values", async ({ page, api, colleague }) => {
  const tag = word();
  const { id } = await api.post("/customers", { name: `${tag} Um`, notes: "Antes" });
  await open(page, `/clientes/${id}/editar`);
  const other = await colleague("inacio", `/clientes/${id}/editar`);
  await other.getByRole("textbox", { name: TITLE }).fill(`${tag} Deles`);
  await page.getByRole("textbox", { name: TITLE }).fill(`${tag} Meu`);
  await other.getByRole("button", { name: /^Salvar alterações/ }).click();
  await expect(other.getByRole("heading", { level: 1, name: `${tag} Deles` })).toBeVisible();

  await page.getByRole("button", { name: /^Salvar alterações/ }).click();
  await expect(page.getByText("Inácio Ramos salvou este registro")).toBeVisible();
  await expect(page.getByRole("button", { name: "Salvar resultado" })).toBeDisabled();
  await axe(page);
  await page.getByRole("button", { name: "Usar todos os meus" }).click();
  await page.getByRole("button", { name: "Salvar resultado" }).click();
  await expect(page.getByRole("heading", { level: 1, name: `${tag} Meu` })).toBeVisible();
  expect(await api.get(`/customers/${id}`)).toMatchObject({ name: `${tag} Meu`, notes: "Antes" });
});

test("whoever types a CPF is offered the person", async ({ page, api }) => {
  const [name, document] = [`${word()} Sant'Anna`, cpf()];
  const customer = await api.post("/customers", { name, document });
  await api.post("/warranties", { customer_id: customer.id, items: [{ sku: "FT-12", product: "Fonte", reason: "Não liga", quantity: 1000 }] });
  await open(page, "/garantias/novo");
  const box = page.getByRole("combobox", { name: "Cliente" });
  await choose(box, dotted(document), name);
  await expect(box).toHaveValue(name);
  // A number that is nobody's: nothing to choose, and the way to a new customer.
  await box.fill("");
  await box.pressSequentially(cpf());
  await expect(page.getByRole("listbox").filter({ visible: true }).getByRole("option", { name })).toHaveCount(0);
  await axe(page);

  // The search for everything finds the person and what is theirs.
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+k");
  const palette = page.getByRole("dialog", { name: /^Buscar/ });
  await palette.getByRole("combobox").fill(name.toLowerCase());
  const hits = palette.getByRole("option").filter({ hasText: name });
  await expect(hits).toHaveCount(2);
  await expect(hits.last()).toContainText(/GR-\d{6}/);
  await axe(page);
  await hits.first().click();
  await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
});
