import { axe } from "../support/axe.ts";
import { expect, test } from "../support/fixtures.ts";
import { open } from "../support/login.ts";
import { cpf, dotted, mobile, word } from "../support/people.ts";

test("one value at a time: an eye for each, recorded, and hidden again", async ({ page, api }) => {
  const [tag, document, phone] = [word(), cpf(), mobile()];
  const contacts = [{ channel: "phone", value: phone }, { channel: "email", value: `${tag.toLowerCase()}@example.com` }];
  const { id } = await api.post("/customers", { name: `${tag} Mascarada`, document, contacts });
  await open(page, `/clientes/${id}`);
  await expect(page.getByText(dotted(document))).toHaveCount(0);
  const lines = page.locator("section.panel").filter({ has: page.getByRole("heading", { name: "Contatos" }) });
  await expect(lines.getByText(/•••@example\.com/).filter({ visible: true }).first()).toBeVisible();
  await lines.getByRole("button", { name: /^Revelar Contato/ }).nth(1).click();
  await expect(lines.getByText(`${tag.toLowerCase()}@example.com`).filter({ visible: true }).first()).toBeVisible();
  await expect(lines.getByText(phone)).toHaveCount(0);
  await axe(page);
  await lines.getByRole("button", { name: /^Esconder Contato/ }).click();
  await expect(lines.getByText(`${tag.toLowerCase()}@example.com`)).toHaveCount(0);
  const looks = await api.list(`/audit?record=${id}&action=reveal`);
  expect(looks).toHaveLength(1);
});

test("a request: found everywhere, shown before, anonymised by somebody else", async ({ page, api, colleague }) => {
  const [tag, document] = [word(), cpf()];
  const name = `${tag} Esquecida da Silva`;
  const customer = await api.post("/customers", { name, document, notes: "liga à noite" });
  await api.post(`/customers/${customer.id}/comments`, { text: `${name} pediu segunda via` });
  await api.post("/warranties", { customer_id: customer.id, items: [{ sku: "FT-12", product: "Fonte", reason: "Não liga", quantity: 1000 }] });
  const input = { kind: "anonymisation", name, document, customer_id: customer.id };
  const request = await api.post("/privacy-requests", input);
  await open(page, `/privacidade/${request.id}`);
  await expect(page.getByRole("heading", { level: 1, name: /LGPD-\d{4}-\d{4}/ })).toBeVisible();
  const desk = page.getByRole("region", { name: "Mesa do titular" });
  await desk.getByRole("button", { name: "Localizar" }).click();
  await expect(desk.getByRole("checkbox", { name: `${name} é a pessoa do pedido` })).toBeChecked();
  await expect(desk.getByRole("heading", { name: /^Comentários/ })).toBeVisible();
  await expect(desk.getByText("Confirme a identidade e inicie o pedido para agir")).toBeVisible();
  await expect(desk.getByRole("button", { name: "Ver prévia" })).toBeDisabled();
  await axe(page);

  const now = () => api.get(`/privacy-requests/${request.id}`);
  await api.step("/privacy-requests", await now(), "confirm_identity", { identity_proof: "RG" });
  await api.step("/privacy-requests", await now(), "start");
  await expect(desk.getByRole("button", { name: "Ver prévia" })).toBeEnabled();
  await desk.getByRole("button", { name: "Ver prévia" }).click();
  await expect(desk.getByText("Guardado à parte, cifrado")).toBeVisible();
  await expect(desk.getByText(/Documentos fiscais/).first()).toBeVisible();
  await expect(desk.getByText("Você abriu este pedido: outra pessoa precisa confirmar")).toBeVisible();
  await expect(desk.getByRole("button", { name: "Confirmar anonimização" })).toBeDisabled();
  await axe(page);

  const admin = await api.user(`Aprova ${word()}`, "admin");
  const other = await colleague(admin, `/privacidade/${request.id}`);
  const theirs = other.getByRole("region", { name: "Mesa do titular" });
  await theirs.getByRole("button", { name: "Localizar" }).click();
  await theirs.getByRole("button", { name: "Ver prévia" }).click();
  await theirs.getByRole("button", { name: "Confirmar anonimização" }).click();
  await expect(other.getByText("Anonimização concluída")).toBeVisible({ timeout: 30_000 });
  await page.goto(`/clientes/${customer.id}`);
  await expect(page.getByRole("heading", { level: 1, name: /^Anonimizado / })).toBeVisible();
  await expect(page.getByText("segunda via")).toHaveCount(0);
});

test("the desk's own page: search, what is due, what is kept, for how long", async ({ page, api }) => {
  const [tag, document] = [word(), cpf()];
  await api.post("/customers", { name: `${tag} Procurada`, document });
  await open(page, "/titulares");
  await expect(page.getByRole("heading", { level: 1, name: "Localizar titular" })).toBeVisible();
  await axe(page);
  await page.getByLabel("CPF ou CNPJ").fill(dotted(document));
  await page.getByRole("button", { name: "Localizar", exact: true }).click();
  const results = page.getByRole("region", { name: "Resultado" });
  await expect(results.getByRole("link", { name: `${tag} Procurada` })).toBeVisible();
  await axe(page);
  for (const tab of ["Fim da guarda", "Anonimizados", "Prazos de guarda"]) {
    await page.getByRole("tab", { name: tab }).click();
    await expect(page.getByRole("tab", { name: tab })).toHaveAttribute("aria-selected", "true");
    await axe(page);
  }
  await expect(page.getByText("Documentos fiscais")).toBeVisible();
});
