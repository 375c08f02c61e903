import { axe } from "../support/axe.ts";
import { expect, test, type Page } from "../support/fixtures.ts";
import { fillLogin, inside, login, open } from "../support/login.ts";
import { word } from "../support/people.ts";
import { demoLogin } from "../support/users.ts";

async function account(page: Page, entry: string): Promise<void> {
  await page.getByRole("button", { name: /^Conta de |^Account of / }).click();
  await page.getByRole("menuitemradio", { name: entry, exact: true }).or(page.getByRole("menuitem", { name: entry, exact: true })).click();
}

test.describe("login page", { tag: ["@dark", "@phone"] }, () => {
  test("opens for a visitor and says when the password is wrong", async ({ page }) => {
    await page.goto("/");
    await expect(page).toHaveURL(/\/entrar/);
    await expect(page.getByRole("heading", { level: 1, name: "Entrar" })).toBeVisible();
    await axe(page);
    await fillLogin(page, { email: demoLogin("helena").email, password: "não é esta senha" });
    await expect(page.getByRole("alert")).toContainText("E-mail ou senha não conferem");
    await expect(page.getByLabel("Senha", { exact: true })).toHaveAttribute("aria-invalid", "true");
    await axe(page);
  });

  test("follows the system's theme", async ({ page, colorScheme }) => {
    await page.goto("/");
    const theme = colorScheme === "dark" ? "conexao-dark" : "conexao";
    await expect(page.locator("html")).toHaveAttribute("data-theme", theme);
  });
});

test("asks for what is missing before it asks the server", async ({ page }) => {
  await page.goto("/entrar");
  await page.getByRole("button", { name: "Continuar" }).click();
  await expect(page.getByRole("alert")).toHaveText("Digite o seu e-mail ou nome de usuário.");
  await expect(page.getByRole("textbox", { name: "E-mail" })).toBeFocused();
  await page.getByRole("textbox", { name: "E-mail" }).fill("helena@aurora.demo");
  await page.getByRole("button", { name: "Continuar" }).click();
  await expect(page.getByRole("alert")).toHaveText("Digite a sua senha.");
});

test("login leads to the address that was wanted", async ({ page }) => {
  await page.goto("/clientes?q=capitu");
  await expect(page).toHaveURL(/\/entrar\?para=/);
  await fillLogin(page, "helena");
  await expect(page).toHaveURL(/\/clientes\?q=capitu$/);
  await expect(page.getByRole("searchbox", { name: "Buscar em Clientes" })).toHaveValue("capitu");
});

test("an address outside the application is not followed after the login", async ({ page, baseURL }) => {
  await page.goto("/entrar?para=//example.com/x");
  await fillLogin(page, "helena");
  await inside(page);
  await expect(page).toHaveURL(`${baseURL}/`);
});

test("the session survives a reload and ends at the logout", async ({ page }) => {
  await login(page, "helena");
  await page.reload();
  await inside(page);
  await expect(page.getByRole("button", { name: "Conta de Helena Vale" })).toBeVisible();
  await account(page, "Sair");
  await expect(page.getByRole("heading", { level: 1, name: "Entrar" })).toBeVisible();
  await page.goto("/clientes");
  await expect(page).toHaveURL(/\/entrar\?para=/);
});

test("theme and language stay, here and on another device", async ({ page, api, colleague }) => {
  const user = await api.user(`Nuno ${word()}`, "vendedor");
  const html = page.locator("html");
  await open(page, "/clientes", user);
  await account(page, "Tema escuro");
  await expect(html).toHaveAttribute("data-theme", "conexao-dark");
  await account(page, "English");
  await expect(page.getByRole("heading", { level: 1, name: "Customers" })).toBeVisible();
  await expect(html).toHaveAttribute("lang", "en");

  await page.reload();
  await expect(page.getByRole("heading", { level: 1, name: "Customers" })).toBeVisible();
  await expect(html).toHaveAttribute("data-theme", "conexao-dark");

  const other = await colleague(user, "/clientes");
  await expect(other.getByRole("heading", { level: 1, name: "Customers" })).toBeVisible();
  await expect(other.locator("html")).toHaveAttribute("data-theme", "conexao-dark");
});
