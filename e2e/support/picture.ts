import { join } from "node:path";

import { test, type Page } from "@playwright/test";

const FOLDER = join(import.meta.dirname, "../../docs/pictures");

/** Takes a picture for the documentation, only when the run was started with UPDATE_PICTURES=1. */
export async function picture(page: Page, name: string): Promise<void> {
  if (process.env.UPDATE_PICTURES !== "1") return;
  const file = join(FOLDER, `${name}-${test.info().project.name}.png`);
  await page.screenshot({ path: file, animations: "disabled", caret: "hide", scale: "css" });
}
