import { axe } from "../support/axe.ts";
import { expect, test } from "../support/fixtures.ts";
import { open } from "../support/login.ts";
import { section } from "../support/picture.ts";

test.describe("gallery", { tag: ["@dark", "@phone"] }, () => {
  test("every component in every state", async ({ page }) => {
    test.slow();
    await open(page, "/dev/ui");
    await expect(page.getByRole("heading", { level: 1, name: "Components" })).toBeVisible();
    const sections = page.locator("section[id]");
    const names = await sections.evaluateAll((all) => all.map((one) => one.id));
    expect(names).toEqual(
      expect.arrayContaining(["button", "chip", "control", "table", "bulk", "flow", "popover", "overlay", "toast", "chart"]),
    );
    for (const name of names) {
      await page.locator(`section#${name}`).scrollIntoViewIfNeeded();
      // Each says what it is, in the words of its module.
      await expect(page.locator(`section#${name} > p`)).toHaveText(/\S.{20,}/);
      await axe(page, `section#${name}`);
      await section(page, name);
    }
    const beyond = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(beyond, "pixels beyond the right edge").toBeLessThanOrEqual(0);
  });

  test("what opens is accessible, too", async ({ page }) => {
    await open(page, "/dev/ui");
    await page.getByRole("button", { name: "Abrir opções" }).click();
    await expect(page.getByRole("menu")).toBeVisible();
    await axe(page, "section#popover");
    await page.keyboard.press("Escape");
    await expect(page.getByRole("button", { name: "Abrir opções" })).toBeFocused();

    await page.getByRole("button", { name: "Abrir diálogo" }).click();
    await expect(page.getByRole("alertdialog")).toBeVisible();
    await axe(page, "[role=alertdialog]");
    await page.keyboard.press("Escape");

    await page.getByRole("button", { name: "Abrir gaveta" }).click();
    await expect(page.getByRole("dialog", { name: "Prévia" })).toBeVisible();
    await axe(page, "[role=dialog]");
    await page.keyboard.press("Escape");

    await page.getByRole("button", { name: "Oferecer desfazer" }).click();
    await expect(page.getByRole("status").filter({ hasText: "3 garantias atribuídas" })).toBeVisible();
    await axe(page, ".snack");
  });
});

test("a chart is read with the arrows, and its numbers stand in a table", async ({ page }) => {
  await open(page, "/dev/ui#chart");
  const line = page.locator("[data-state=line]");
  const points = line.getByRole("group").getByRole("link");
  await expect(points).toHaveCount(12);
  await points.first().focus();
  await expect(points.first()).toHaveAccessibleName("dez: 112");
  await page.keyboard.press("ArrowRight");
  await expect(points.nth(1)).toBeFocused();
  await expect(line.locator(".chart-tip")).toContainText("118");
  await page.keyboard.press("End");
  await expect(points.last()).toBeFocused();
  // One stop for Tab: the next one is beyond the chart.
  await page.keyboard.press("Tab");
  await expect(line.locator(":focus")).toHaveCount(0);

  const both = page.locator("[data-state='as a table']");
  const table = both.getByRole("table", { name: "Garantias por mês" });
  await expect(table.getByRole("row")).toHaveCount(14);
  await both.getByRole("button", { name: "Ver como tabela" }).click();
  await expect(table).toHaveCount(0);
  await expect(both.getByRole("group", { name: "Garantias por mês" })).toBeVisible();
});
