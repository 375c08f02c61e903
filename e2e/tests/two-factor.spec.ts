import { axe } from "../support/axe.ts";
import { expect, test, type Page } from "../support/fixtures.ts";
import { fillLogin, inside, open } from "../support/login.ts";
import { word } from "../support/people.ts";
import { nextStep, totp } from "../support/totp.ts";

async function leave(page: Page): Promise<void> {
  await page.getByRole("button", { name: /^Conta de / }).click();
  await page.getByRole("menuitem", { name: "Sair", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Entrar" })).toBeVisible();
}

async function answer(page: Page, code: string): Promise<void> {
  await page.locator("#code").fill(code);
  await page.getByRole("button", { name: "Verificar" }).click();
}

test("the second step: turned on, asked for, replaced by a recovery code", async ({ page, api }) => {
  const user = await api.user(`Lia ${word()}`, "vendedor");
  await open(page, "/perfil", user);
  const panel = page.getByRole("region", { name: "Verificação em duas etapas" });
  await panel.getByRole("button", { name: "Ativar" }).click();
  await panel.getByLabel("Senha").fill("não é esta senha");
  await panel.getByRole("button", { name: "Continuar" }).click();
  await expect(panel.getByRole("alert")).toContainText("Senha incorreta");
  await panel.getByLabel("Senha").fill(user.password);
  await panel.getByRole("button", { name: "Continuar" }).click();
  await expect(panel.getByRole("img", { name: "Código QR da chave" }).locator("svg")).toBeVisible();
  const secret = (await panel.locator("[data-secret]").textContent()) ?? "";
  await axe(page);
  await panel.getByLabel("Código", { exact: true }).fill(totp(secret));
  await panel.getByRole("button", { name: "Confirmar" }).click();
  await expect(panel.locator("[data-code]")).toHaveCount(10);
  const recovery = (await panel.locator("[data-code]").first().textContent()) ?? "";
  await panel.getByRole("button", { name: "Guardei os códigos" }).click();
  await expect(panel.getByText("Códigos de recuperação restantes: 10")).toBeVisible();

  await leave(page);
  await page.goto("/entrar");
  await fillLogin(page, user);
  await expect(page.getByRole("heading", { level: 1, name: "Confirme que é você" })).toBeVisible();
  await axe(page);
  await answer(page, "000000");
  await expect(page.getByRole("alert")).toContainText("Código incorreto");
  await answer(page, totp(secret, nextStep()));
  await inside(page);

  await leave(page);
  await page.goto("/entrar");
  await fillLogin(page, user);
  await page.getByRole("button", { name: "Usar um código de recuperação" }).click();
  await answer(page, recovery);
  await inside(page);
  await page.goto("/perfil");
  await expect(panel.getByText("Códigos de recuperação restantes: 9")).toBeVisible();
});

test("a session elsewhere is ended and that browser is out", async ({ page, api, colleague }) => {
  const user = await api.user(`Ivo ${word()}`, "vendedor");
  const other = await colleague(user, "/clientes");
  await open(page, "/perfil", user);
  const panel = page.getByRole("region", { name: "Onde você está conectado" });
  await expect(panel.getByRole("listitem")).toHaveCount(2);
  await expect(panel.getByText("Esta sessão")).toHaveCount(1);
  await panel.getByRole("button", { name: /^Encerrar Chrome/ }).click();
  await expect(panel.getByRole("listitem")).toHaveCount(1);
  await other.reload();
  await expect(other.getByRole("heading", { level: 1, name: "Entrar" })).toBeVisible();
});
