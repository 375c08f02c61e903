import { axe } from "../support/axe.ts";
import { expect, test } from "../support/fixtures.ts";
import { choose, pick, toast } from "../support/form.ts";
import { fillLogin, inside, open } from "../support/login.ts";
import { word } from "../support/people.ts";

test("a new role and a new user: who comes in sees only what was granted", async ({ page, api, browser }) => {
  const tag = word();
  const customer = await api.post("/customers", { name: `${tag} Cliente` });
  const [role, user, email] = [`Leitura ${tag}`, `Rui ${tag}`, `rui.${tag.toLowerCase()}@aurora.demo`];
  await open(page, "/papeis");
  await page.getByRole("link", { name: "Novo papel" }).click();
  await page.getByRole("textbox", { name: "Nome" }).fill(role);
  await page.getByRole("textbox", { name: "Chave" }).fill(`leitura_${tag.toLowerCase()}`);
  const matrix = page.getByRole("region", { name: "Permissões por recurso" });
  await matrix.getByRole("combobox", { name: "Clientes: Ver" }).selectOption("Todos os registros");
  await axe(page);
  await page.getByRole("button", { name: /^Criar Ctrl/ }).click();
  await expect(page.getByRole("heading", { level: 1, name: role })).toBeVisible();
  await expect(page.getByText("Clientes: Ver: Todos os registros")).toBeAttached();
  await expect(page.getByText("Clientes: Criar: Sem acesso")).toBeAttached();
  await axe(page);

  await page.goto("/usuarios/novo");
  await page.getByRole("textbox", { name: "Nome", exact: true }).fill(user);
  await page.getByRole("textbox", { name: "E-mail" }).fill(email);
  await page.getByRole("checkbox", { name: role }).check();
  await axe(page);
  await page.getByRole("button", { name: /^Criar Ctrl/ }).click();
  const dialog = page.getByRole("alertdialog");
  await expect(dialog).toContainText(`Senha de ${user}`);
  await dialog.getByRole("textbox", { name: "Nova senha" }).fill("curta");
  await dialog.getByRole("button", { name: "Definir senha" }).click();
  await expect(dialog.getByRole("alert")).toContainText("Use ao menos 10 caracteres");
  await axe(page);
  await dialog.getByRole("button", { name: "Gerar senha" }).click();
  const password = await dialog.getByRole("textbox", { name: "Nova senha" }).inputValue();
  expect(password).toMatch(/^\w{4}-\w{4}-\w{4}-\w{4}$/);
  await dialog.getByRole("button", { name: "Definir senha" }).click();
  await expect(toast(page)).toContainText("Senha definida");

  const context = await browser.newContext();
  const guest = await context.newPage();
  await guest.goto("/");
  await fillLogin(guest, { email, password });
  await inside(guest);
  const areas = guest.getByRole("navigation", { name: "Áreas" });
  await expect(areas.getByRole("link", { name: /^Clientes/ })).toBeVisible();
  await expect(areas.getByRole("link", { name: /Garantias|Usuários|Papéis/ })).toHaveCount(0);
  await guest.goto(`/clientes/${customer.id}`);
  await expect(guest.getByRole("heading", { level: 1, name: `${tag} Cliente` })).toBeVisible();
  await expect(guest.getByRole("link", { name: "Editar" })).toHaveCount(0);
  await guest.goto("/clientes/novo");
  await expect(guest.getByText("Você não pode fazer isto")).toBeVisible();
  await guest.goto("/garantias");
  await expect(guest.getByRole("row")).toHaveCount(0);
  await expect(guest.getByText("Você não tem permissão para isto.")).toBeVisible();
  await context.close();
});

test("somebody suspended is out at once", async ({ page, api, colleague }) => {
  const user = await api.user(`Sara ${word()}`, "gerente");
  const hers = await colleague(user, "/clientes");
  await open(page, `/usuarios/${user.id}`);
  await pick(page, "Mais ações", "Suspender acesso…");
  await page.getByRole("alertdialog").getByRole("button", { name: "Suspender acesso", exact: true }).click();
  await expect(page.locator(".chip-lg")).toHaveText("Suspenso");
  await hers.reload();
  await expect(hers.getByRole("heading", { level: 1, name: "Entrar" })).toBeVisible();
  await fillLogin(hers, user);
  await expect(hers.getByRole("alert")).toContainText("E-mail ou senha não conferem");
});

test("two records of one person become one", async ({ page, api }) => {
  const tag = word();
  const [kept, gone] = await api.create("/customers", [
    { name: `${tag} Fica` },
    { name: `${tag} Some`, notes: "Gosta de café", contacts: [{ channel: "email", value: `${tag.toLowerCase()}@example.com` }] },
  ]);
  await open(page, `/clientes/${kept?.id}`);
  await pick(page, "Mais ações", "Unir com outro cadastro…");
  const dialog = page.getByRole("dialog", { name: /^Unir/ });
  await choose(dialog.getByRole("combobox"), `${tag} Some`, `${tag} Some`);
  await expect(dialog).toContainText(`O cadastro ${tag} Some sai das listas.`);
  await axe(page);
  await dialog.getByRole("button", { name: "Unir cadastros" }).click();
  await expect(toast(page)).toContainText("Cadastros unidos");
  await expect(page.getByRole("region", { name: "Atividade" })).toContainText("uniu outro cadastro a este");
  expect(await api.get(`/customers/${kept?.id}`)).toMatchObject({ notes: "Gosta de café" });
  expect((await api.list(`/customers?q=${tag}`)).map(({ id }) => id)).toEqual([kept?.id]);
  expect(gone).toBeDefined();
});
