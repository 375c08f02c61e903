import { Device } from "../support/authenticator.ts";
import type { User } from "../support/api.ts";
import { axe } from "../support/axe.ts";
import { expect, test, type Page } from "../support/fixtures.ts";
import { fillLogin, inside, open } from "../support/login.ts";
import { word } from "../support/people.ts";

// Browsers have passkeys for names only; this machine's own is `localhost`.
test.use({
  baseURL: async ({}, use) => {
    await use(process.env.CONEXAO_E2E_URL?.replace("127.0.0.1", "localhost"));
  },
});

async function leave(page: Page): Promise<void> {
  await page.getByRole("button", { name: /^Conta de / }).click();
  await page.getByRole("menuitem", { name: "Sair", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Entrar" })).toBeVisible();
}

test("a passkey: added, comes in alone, answers the second step, removed", async ({ page, api }) => {
  const user = await api.user(`Noé ${word()}`, "vendedor");
  const device = await Device.of(page);
  await open(page, "/perfil", user);
  const panel = page.getByRole("region", { name: "Chaves de acesso" });
  await panel.getByRole("button", { name: "Adicionar chave" }).click();
  await panel.getByLabel("Nome da chave").fill("Notebook da oficina");
  await panel.getByLabel("Senha").fill("não é esta senha");
  await panel.getByRole("button", { name: "Continuar" }).click();
  await expect(panel.getByRole("alert")).toContainText("Senha incorreta");
  await axe(page);
  await panel.getByLabel("Senha").fill(user.password);
  await panel.getByRole("button", { name: "Continuar" }).click();
  await expect(panel.locator("[data-code]")).toHaveCount(10);
  await panel.getByRole("button", { name: "Guardei os códigos" }).click();
  await expect(panel.getByText("Notebook da oficina")).toBeVisible();
  expect(await device.count()).toBe(1);
  await axe(page);

  // Nobody touches the device yet, so the browser offers it and waits.
  await device.touch(false);
  await leave(page);
  await page.goto("/entrar");
  await expect(page.getByRole("button", { name: "Entrar com chave de acesso" })).toBeVisible();
  await axe(page);
  await device.touch(true);
  await page.getByRole("button", { name: "Entrar com chave de acesso" }).click();
  await inside(page);

  await device.touch(false);
  await leave(page);
  await page.goto("/entrar");
  await fillLogin(page, user);
  await expect(page.getByRole("heading", { level: 1, name: "Confirme que é você" })).toBeVisible();
  await axe(page);
  await device.touch(true);
  await page.getByRole("button", { name: "Usar chave de acesso" }).click();
  await inside(page);

  await page.goto("/perfil");
  await panel.getByRole("button", { name: "Remover Notebook da oficina" }).click();
  await panel.getByRole("button", { name: "Confirmar com chave de acesso" }).click();
  await expect(panel.getByText("Notebook da oficina")).toHaveCount(0);
  await leave(page);
  await page.goto("/entrar");
  await fillLogin(page, user);
  await inside(page);
});

/** Adds a passkey on the profile that is open. */
async function add(page: Page, user: User): Promise<void> {
  const panel = page.getByRole("region", { name: "Chaves de acesso" });
  await panel.getByRole("button", { name: "Adicionar chave" }).click();
  await panel.getByLabel("Senha").fill(user.password);
  await panel.getByRole("button", { name: "Continuar" }).click();
  await panel.getByRole("button", { name: "Guardei os códigos" }).click();
}

test("a passkey opens what was locked, and nothing typed is lost", async ({ page, api }) => {
  const user = await api.user(`Gil ${word()}`, "vendedor");
  await Device.of(page);
  await open(page, "/perfil", user);
  await add(page, user);
  await page.goto("/clientes/novo");
  const name = `${word()} Cliente`;
  await page.getByRole("textbox", { name: "Nome ou razão social" }).fill(name);
  // Another password ends every log-in.
  await api.post(`/users/${user.id}/actions/set-password`, { password: "outra jornada de 2026" });
  await page.getByRole("button", { name: /^Criar Ctrl/ }).click();
  const dialog = page.getByRole("alertdialog");
  await expect(dialog).toBeVisible();
  await axe(page);
  await dialog.getByRole("button", { name: "Usar chave de acesso" }).click();
  await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
});

test("the browser offers a passkey where the name is typed", async ({ page, api }) => {
  const user = await api.user(`Ema ${word()}`, "vendedor");
  const device = await Device.of(page);
  await open(page, "/perfil", user);
  await add(page, user);
  expect(await device.count()).toBe(1);
  await leave(page);
  // The simulated owner picks what is offered at once.
  await page.goto("/entrar");
  await inside(page);
});
