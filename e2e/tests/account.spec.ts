import { axe } from "../support/axe.ts";
import { expect, test } from "../support/fixtures.ts";
import { fillLogin, inside, open } from "../support/login.ts";
import { word } from "../support/people.ts";

/** A red square of 64 pixels. */
const SQUARE =
  "iVBORw0KGgoAAAANSUhEUgAAAEAAAABACAIAAAAlC+aJAAAATklEQVR42u3PMQ0AAAgDsEma/wtpSOAmaVIDzbSvRUBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEDgsqP+AQ/2C+IIAAAAAElFTkSuQmCC";

interface Message {
  address: string;
  link: string | null;
  id: string;
}

test("registration: asked for, confirmed by the link, approved, in", { tag: ["@phone", "@dark"] }, async ({ page, api, baseURL }) => {
  const [role] = await api.list("/roles?filter[key]=vendedor");
  // The same journey may change them in another project at the same moment.
  await expect(async () => {
    const settings = await api.get("/settings/company");
    await api.change("/settings/company", settings, { registration: true, registration_role: role?.id, registration_approval: true });
  }).toPass();
  const email = `${word().toLowerCase()}.${Date.now()}@aurora.demo`;
  const { tenant } = await api.get<{ tenant: { slug: string } }>("/me");
  await page.goto("/entrar");
  await page.getByRole("link", { name: "Cadastre-se" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Criar conta" })).toBeVisible();
  await page.getByLabel("Nome curto da empresa").fill("nao-existe");
  await page.getByRole("button", { name: "Continuar" }).click();
  await expect(page.getByRole("alert")).toContainText("não recebe cadastros");
  await axe(page);
  await page.getByLabel("Nome curto da empresa").fill(tenant.slug);
  await page.getByRole("button", { name: "Continuar" }).click();
  await page.getByLabel("Seu nome").fill("Bibiana Terra");
  await page.getByLabel("E-mail").fill(email);
  await axe(page);
  await page.getByRole("button", { name: "Enviar link de confirmação" }).click();
  await expect(page.getByRole("main").getByRole("status")).toContainText("Enviamos um link");

  const messages = (await api.list("/messages?sort=-created_at")) as unknown as Message[];
  const found = messages.find((one) => one.link?.includes("/cadastro/"));
  const link = new URL(found?.link ?? "");
  await page.goto(`${baseURL}${link.pathname}`);
  await expect(page.getByRole("heading", { level: 1, name: "Confirmar cadastro" })).toBeVisible();
  await page.getByLabel("Nova senha", { exact: true }).fill("uma frase bem comprida de 2026");
  await axe(page);
  await page.getByRole("button", { name: "Criar minha conta" }).click();
  await expect(page.getByRole("main").getByRole("status")).toContainText("administrador aprovar");

  await page.goto("/entrar");
  await fillLogin(page, { email, password: "uma frase bem comprida de 2026" });
  await expect(page.getByRole("alert")).toContainText("aguarda a aprovação");
  const [person] = await api.list(`/users?filter[email]=${encodeURIComponent(email)}`);
  await api.step("/users", person, "approve");
  await page.getByRole("button", { name: "Continuar" }).click();
  await inside(page);
});

test("the profile: photo, user name, density and another address", async ({ page, api, baseURL }) => {
  const user = await api.user(`Lua ${word()}`, "vendedor");
  await open(page, "/perfil", user);
  const photo = { name: "foto.png", mimeType: "image/png", buffer: Buffer.from(SQUARE, "base64") };
  await page.locator("input[type=file]").setInputFiles(photo);
  await expect(page.getByRole("button", { name: /^Conta de / }).locator("img")).toBeVisible();
  const name = `lua.${Date.now()}`;
  const own = page.getByRole("region", { name: "Identificação" });
  await own.getByLabel("Nome de usuário").fill("lua@aurora");
  await own.getByRole("button", { name: "Salvar" }).click();
  await expect(page.getByRole("alert")).toContainText("letras sem acento");
  await own.getByLabel("Nome de usuário").fill(name);
  await own.getByRole("button", { name: "Salvar" }).click();
  await expect(page.getByRole("alert")).toHaveCount(0);
  await page.getByLabel("Compacta").check();
  await axe(page);

  const panel = page.getByRole("region", { name: "E-mail e senha" });
  await panel.getByRole("button", { name: "Trocar e-mail" }).click();
  const email = `lua.${Date.now()}@aurora.demo`;
  await panel.getByLabel("Novo e-mail").fill(email);
  await panel.getByLabel("Senha").fill(user.password);
  await panel.getByRole("button", { name: "Enviar link" }).click();
  await expect(panel.getByRole("status")).toContainText(email);
  const messages = (await api.list("/messages?sort=-created_at")) as unknown as Message[];
  const found = messages.find((one) => one.link?.includes("/confirmar-email/"));
  await page.goto(`${baseURL}${new URL(found?.link ?? "").pathname}`);
  await page.getByRole("button", { name: "Confirmar", exact: true }).click();
  await expect(page.getByRole("main").getByRole("status")).toContainText(email);

  await page.context().clearCookies();
  await page.goto("/entrar");
  await fillLogin(page, { email: name, password: user.password });
  await inside(page);
  await page.goto("/perfil");
  await expect(panel.getByText(email)).toBeVisible();
  await expect(page.getByLabel("Compacta")).toBeChecked();
});
