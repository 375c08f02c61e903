import { expect, type Page } from "@playwright/test";

import { demoLogin } from "./users.ts";

/** Logs a demo user in through the login page, as a person does, and waits for the shell. */
export async function login(page: Page, user = "admin"): Promise<void> {
  const { email, password } = demoLogin(user);
  await page.goto("/entrar");
  await page.getByRole("textbox", { name: "E-mail" }).fill(email);
  await page.getByLabel("Senha", { exact: true }).fill(password);
  await page.getByRole("button", { name: /^(Entrar|Continuar)$/ }).click();
  await expect(page.getByRole("navigation").first()).toBeVisible();
}
