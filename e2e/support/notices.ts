import { expect, type Locator, type Page } from "@playwright/test";

/** How many notifications the bell says are unread. */
export async function unread(page: Page): Promise<number> {
  const label = await bell(page).getAttribute("aria-label");
  return Number(/\d+/.exec(label ?? "")?.[0] ?? Number.NaN);
}

/** The bell of the top bar. */
export function bell(page: Page): Locator {
  return page.getByRole("banner").getByRole("button", { name: /^Notificações: \d+ não lidas$/ });
}

/** Opens the drawer and returns the notification with this text. */
export async function notice(page: Page, text: string | RegExp): Promise<Locator> {
  await bell(page).click();
  const drawer = page.getByRole("dialog", { name: "Notificações" });
  const found = drawer.getByRole("listitem").filter({ hasText: text }).first();
  await expect(found).toBeVisible();
  return found;
}
