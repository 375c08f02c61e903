import { expect, type Locator, type Page } from "@playwright/test";

/** The panel of one kind of lines in a form, e.g. `items`. */
export function lines(page: Page, field: string): Locator {
  return page.locator(`#f-${field}`);
}

/** The last line of a panel. */
export function lastLine(panel: Locator): Locator {
  return panel.getByRole("listitem").last();
}

/** Adds a line and waits until it is there. */
export async function addLine(panel: Locator): Promise<Locator> {
  const before = await panel.locator("ol > li").count();
  await panel.getByRole("button", { name: "Adicionar linha" }).click();
  await expect(panel.locator("ol > li")).toHaveCount(before + 1);
  return panel.locator("ol > li").last();
}

/** Types into a box that finds, and takes what it found. */
export async function choose(box: Locator, text: string, option: string | RegExp): Promise<void> {
  await box.pressSequentially(text);
  const list = box.page().getByRole("listbox").filter({ visible: true });
  await list.getByRole("option", { name: option }).first().click();
}

/** Opens a menu and takes an entry. */
export async function pick(page: Page, button: string | RegExp, entry: string | RegExp): Promise<void> {
  await page.getByRole("button", { name: button }).click();
  await page.getByRole("menuitem", { name: entry }).click();
}

/** The short message at the bottom. */
export function toast(page: Page): Locator {
  return page.locator(".snack");
}
