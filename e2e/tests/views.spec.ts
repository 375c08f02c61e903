import { axe } from "../support/axe.ts";
import { expect, test } from "../support/fixtures.ts";
import { toast } from "../support/form.ts";
import { open } from "../support/login.ts";
import { word } from "../support/people.ts";

test("a list is kept under a name, found again, shared and forgotten", async ({ page, colleague }) => {
  const name = `Pendentes ${word()}`;
  await open(page, "/garantias?filter[status]=pending&sort=deadline");
  await page.getByRole("button", { name: "Salvar visão" }).click();
  const box = page.getByRole("dialog");
  await box.getByLabel("Nome da visão").fill(name);
  await axe(page);
  await box.getByRole("checkbox", { name: "Mostrar a todos que veem esta lista" }).check();
  await box.getByRole("button", { name: "Salvar" }).click();
  await expect(toast(page)).toContainText(`Visão “${name}” salva`);

  // It is there for a colleague, who did not ask for the filter.
  const other = await colleague("guiomar", "/garantias");
  const tabs = other.getByRole("navigation", { name: "Por situação" });
  await tabs.getByRole("button", { name }).click();
  await expect(other).toHaveURL(/filter\[status\]=pending&sort=deadline/);
  await expect(tabs.getByRole("button", { name })).toHaveAttribute("aria-current", "true");

  // Changed with what is on the screen now, then forgotten.
  await page.goto("/garantias");
  const own = page.getByRole("navigation", { name: "Por situação" }).getByRole("button", { name });
  await own.click();
  await page.getByRole("button", { name: "Visão", exact: true }).click();
  await box.getByRole("button", { name: "Excluir" }).click();
  await expect(toast(page)).toContainText("Visão excluída");
  await expect(own).toHaveCount(0);
});
