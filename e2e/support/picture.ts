import { writeFile } from "node:fs/promises";
import { join } from "node:path";

import { test, type Page } from "@playwright/test";

const FOLDER = join(import.meta.dirname, "../../docs/pictures");

/** The screens that the README shows. */
const SHOWN = ["home", "warranties", "warranty", "import", "role"];

/** Takes a picture for the documentation, only when the run was started with UPDATE_PICTURES=1. */
export async function picture(page: Page, name: string): Promise<void> {
  if (process.env.UPDATE_PICTURES !== "1" || !SHOWN.includes(name)) return;
  const png = await page.screenshot({ animations: "disabled", caret: "hide", scale: "css" });
  const file = join(FOLDER, `${name}-${test.info().project.name}.webp`);
  await writeFile(file, await webp(page, png));
}

/** Keeps what a section of the gallery looks like beside the results of the run, to be looked through. */
export async function section(page: Page, name: string): Promise<void> {
  const png = await page.locator(`section#${name}`).screenshot({ animations: "disabled", caret: "hide", scale: "css" });
  await test.info().attach(`${name}-${test.info().project.name}`, { body: png, contentType: "image/png" });
}

/** The same picture in a third of the bytes; the browser knows how. */
async function webp(page: Page, png: Buffer): Promise<Buffer> {
  const desk = await page.context().newPage();
  const encoded = await desk.evaluate(async (address) => {
    const image = new Image();
    image.src = address;
    await image.decode();
    const canvas = Object.assign(document.createElement("canvas"), { width: image.width, height: image.height });
    canvas.getContext("2d")?.drawImage(image, 0, 0);
    return canvas.toDataURL("image/webp", 0.86);
  }, `data:image/png;base64,${png.toString("base64")}`);
  await desk.close();
  return Buffer.from(encoded.slice(encoded.indexOf(",") + 1), "base64");
}
