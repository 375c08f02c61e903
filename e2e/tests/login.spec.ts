import { axe } from "../support/axe.ts";
import { expect, test } from "../support/fixtures.ts";
import { picture } from "../support/picture.ts";

test.describe("login page", { tag: ["@dark", "@phone"] }, () => {
  test("opens for a visitor and has no accessibility violation", async ({ page }) => {
    await page.goto("/");
    await expect(page).toHaveURL(/\/entrar/);
    await expect(page.getByRole("heading", { level: 1, name: "Entrar" })).toBeVisible();
    await expect(page.getByRole("textbox", { name: "E-mail" })).toBeVisible();
    await expect(page.getByLabel("Senha", { exact: true })).toBeVisible();
    await axe(page);
    await picture(page, "login");
  });

  test("follows the system's theme", async ({ page, colorScheme }) => {
    await page.goto("/");
    const theme = colorScheme === "dark" ? "conexao-dark" : "conexao";
    await expect(page.locator("html")).toHaveAttribute("data-theme", theme);
  });
});
