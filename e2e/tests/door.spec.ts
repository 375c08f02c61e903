import { Api, type Record } from "../support/api.ts";
import { axe } from "../support/axe.ts";
import { expect, test } from "../support/fixtures.ts";
import { fillLogin, inside } from "../support/login.ts";
import { word } from "../support/people.ts";

/** The link of the newest message to an address; a demonstration shows what it cannot send. */
async function link(api: Api, address: string, template: string): Promise<string> {
  let found: Record | undefined;
  const path = `/messages?filter[template]=${template}&filter[address]=${encodeURIComponent(address)}&limit=1`;
  await expect.poll(async () => ((found = (await api.list(path))[0]), found?.link)).toBeTruthy();
  return new URL(String(found?.link)).pathname;
}

const NEW_PASSWORD = "girafa parede cobre 71";

test("a forgotten password is chosen anew", { tag: "@phone" }, async ({ page, request }) => {
  const api = await Api.as(request, "helena");
  const user = await api.user(`Rosa ${word()}`, "vendedor");
  await page.goto("/entrar");
  await page.getByRole("link", { name: "Esqueci minha senha" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Criar nova senha" })).toBeVisible();
  await axe(page);
  await page.getByRole("textbox", { name: "E-mail" }).fill(user.email);
  await page.getByRole("button", { name: "Enviar link" }).click();
  await expect(page.getByRole("main").getByRole("status")).toContainText("Se houver uma conta com esse e-mail");
  await axe(page);

  const path = await link(api, user.email, "password_recovery");
  await page.goto(path);
  const field = page.getByRole("textbox", { name: "Nova senha" });
  await field.fill("12345678901");
  await page.getByRole("button", { name: "Salvar nova senha" }).click();
  await expect(field).toHaveAttribute("aria-invalid", "true");
  await axe(page);
  await field.fill(NEW_PASSWORD);
  await expect(page.getByText("Senha forte.")).toBeVisible();
  await page.getByRole("button", { name: "Salvar nova senha" }).click();
  await expect(page).toHaveURL(/\/entrar/);
  await fillLogin(page, { email: user.email, password: NEW_PASSWORD });
  await inside(page);

  await page.goto(path);
  await expect(page.getByRole("alert")).toContainText("Ele já foi usado");
});

test("nobody learns from the page who exists", async ({ page }) => {
  await page.goto("/recuperar");
  await page.getByRole("textbox", { name: "E-mail" }).fill(`${word()}@ninguem.demo`);
  await page.getByRole("button", { name: "Enviar link" }).click();
  await expect(page.getByRole("main").getByRole("status")).toContainText("Se houver uma conta com esse e-mail");
});

test("an invitation leads in", async ({ page, request }) => {
  const api = await Api.as(request, "helena");
  const [role] = await api.list("/roles?filter[key]=vendedor");
  const email = `${word().toLowerCase()}@aurora.demo`;
  await api.post("/invitations", { email, name: "Lia", roles: [{ role_id: role?.id }] });
  await page.goto(await link(api, email, "invitation"));
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Bem-vindo");
  await expect(page.getByRole("textbox", { name: "Seu nome" })).toHaveValue("Lia");
  await page.getByRole("textbox", { name: "Nova senha" }).fill(NEW_PASSWORD);
  await axe(page);
  await page.getByRole("button", { name: "Criar conta" }).click();
  await inside(page);
  const [invitation] = await api.list(`/invitations?filter[email]=${encodeURIComponent(email)}`);
  expect(invitation?.status).toBe("accepted");
});
