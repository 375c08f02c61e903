import { expect, type Page } from "@playwright/test";

import { demoLogin } from "./users.ts";

/** Who comes in: a demo user by name, or any e-mail with its password. */
export type Who = string | { email: string; password: string };

/** Logs in through the login page, as a person does, and waits for the shell. */
export async function login(page: Page, who: Who = "helena"): Promise<void> {
  await page.goto("/entrar");
  await fillLogin(page, who);
  await inside(page);
}

/** Fills the login form that is open, and sends it. */
export async function fillLogin(page: Page, who: Who): Promise<void> {
  const { email, password } = credentials(who);
  await page.getByRole("textbox", { name: "E-mail" }).fill(email);
  await page.getByLabel("Senha", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Continuar" }).click();
}

/**
 * Opens an address as somebody who is logged in already. The session is made
 * anew for the page, because a refresh token used in two places ends both.
 */
export async function open(page: Page, path: string, who: Who = "helena"): Promise<void> {
  const answer = await page.request.post("/api/v1/auth/login", { data: credentials(who) });
  expect(answer.status(), "login").toBe(200);
  await page.addInitScript(() => {
    // Only the first document: a logout must stay one.
    if (sessionStorage.getItem("e2e") === null) localStorage.setItem("conexao.session", "true");
    sessionStorage.setItem("e2e", "true");
  });
  await page.goto(path);
  await inside(page);
}

/** The shell is there. */
export async function inside(page: Page): Promise<void> {
  await expect(page.locator("main#conteudo")).toBeVisible();
}

function credentials(who: Who): { email: string; password: string } {
  if (typeof who !== "string") return who;
  const { email, password } = demoLogin(who);
  return { email, password };
}
