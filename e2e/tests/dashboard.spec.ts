import type { Locator } from "@playwright/test";

import { axe } from "../support/axe.ts";
import { expect, test, type Page } from "../support/fixtures.ts";
import { toast } from "../support/form.ts";
import { open } from "../support/login.ts";
import { word } from "../support/people.ts";

/** The widgets in their order, by what they are called. */
async function names(page: Page): Promise<string[]> {
  const cells = page.locator("[data-widget]");
  return cells.evaluateAll((all) => all.map((one) => one.querySelector(".kpi-label, .panel-title")?.textContent ?? ""));
}

function widget(page: Page, name: string | RegExp): Locator {
  return page.locator("[data-widget]").filter({ has: page.locator(".kpi-label, .panel-title").filter({ hasText: name }) }).first();
}

/** Waits until a change is kept. */
function kept(page: Page): Promise<unknown> {
  return page.waitForResponse((answer) => answer.url().includes("/me/dashboard") && answer.request().method() === "PUT" && answer.ok());
}

async function ready(page: Page): Promise<void> {
  await expect(page.locator("[data-widget]").first()).toBeVisible();
  await expect(page.getByRole("heading", { name: "Garantias e trocas por situação" })).toBeVisible();
}

test.describe("dashboard", { tag: ["@dark", "@phone"] }, () => {
  test("what a new person sees, and what is made of it", async ({ page, api }) => {
    test.slow();
    const user = await api.user(`Rita ${word()}`, "admin_cs");
    await open(page, "/", user);
    await ready(page);
    await axe(page);
    const before = await names(page);

    // Added, with the numbers in sight before it is kept.
    await page.getByRole("button", { name: "Personalizar" }).click();
    await axe(page);
    await page.getByRole("button", { name: "Adicionar widget" }).click();
    const editor = page.getByRole("dialog", { name: "Adicionar widget" });
    await editor.getByText("Rosca", { exact: true }).click();
    await editor.getByLabel("O que mostrar").selectOption({ label: "Garantias e trocas" });
    await editor.getByLabel("Agrupar por").selectOption({ label: "Canal de venda" });
    await expect(editor.getByRole("group", { name: "Prévia" }).locator(".chart-hit").first()).toBeAttached();
    await editor.getByLabel("Nome", { exact: true }).fill("De onde vêm");
    await axe(page);
    const added = kept(page);
    await editor.getByRole("button", { name: "Adicionar", exact: true }).click();
    await added;
    expect(await names(page)).toEqual([...before, "De onde vêm"]);

    // Moved and resized without a pointer.
    const grip = widget(page, "De onde vêm").getByRole("button", { name: /^Mover De onde vêm\. / });
    await grip.focus();
    const moved = kept(page);
    await page.keyboard.press("Home");
    await expect(grip).toBeFocused();
    await page.keyboard.press("Shift+ArrowRight");
    await moved;
    expect((await names(page))[0]).toBe("De onde vêm");
    await expect(widget(page, "De onde vêm")).toHaveClass(/dash-w3/);

    // Another name.
    const renamed = kept(page);
    await widget(page, "De onde vêm").getByRole("button", { name: "Editar De onde vêm" }).click();
    const change = page.getByRole("dialog", { name: "Editar widget" });
    await change.getByLabel("Nome", { exact: true }).fill("Canais");
    await change.getByRole("button", { name: "Aplicar" }).click();
    await renamed;
    await expect(widget(page, "Canais")).toBeVisible();

    // All of it is there again.
    await page.reload();
    await ready(page);
    expect(await names(page)).toEqual(["Canais", ...before]);

    // Removed, and taken back.
    await page.getByRole("button", { name: "Personalizar" }).click();
    await widget(page, "Canais").getByRole("button", { name: "Remover Canais" }).click();
    expect(await names(page)).toEqual(before);
    await toast(page).getByRole("button", { name: "Desfazer" }).click();
    await expect(widget(page, "Canais")).toBeVisible();

    // Back to what it was at first.
    const reset = kept(page);
    await page.getByRole("button", { name: "Restaurar padrão" }).click();
    await reset;
    expect(await names(page)).toEqual(before);
    await page.getByRole("button", { name: "Concluir" }).click();
    await page.reload();
    await ready(page);
    expect(await names(page)).toEqual(before);
  });
});

test("a widget is dragged to the place of another", async ({ page, api }) => {
  const user = await api.user(`Ivo ${word()}`, "admin_cs");
  await open(page, "/", user);
  await ready(page);
  const before = await names(page);
  await page.getByRole("button", { name: "Personalizar" }).click();
  const cells = page.locator("[data-widget]");
  const grip = await cells.first().getByRole("button", { name: /^Mover / }).first().boundingBox();
  const target = await cells.nth(2).boundingBox();
  expect(grip && target).toBeTruthy();
  const moved = kept(page);
  await page.mouse.move((grip?.x ?? 0) + 8, (grip?.y ?? 0) + 8);
  await page.mouse.down();
  await page.mouse.move((target?.x ?? 0) + 40, (target?.y ?? 0) + 60, { steps: 6 });
  await expect(cells.nth(2)).toHaveClass(/is-over/);
  await page.mouse.up();
  await moved;
  const [first, second, third, ...rest] = before;
  expect(await names(page)).toEqual([second, third, first, ...rest]);
});

test("figures and charts open the rows behind them", async ({ page }) => {
  await open(page, "/");
  await ready(page);
  const states = widget(page, "Garantias e trocas por situação");
  const pending = states.getByRole("link", { name: /^Pendente: \d+$/ });
  const count = Number(/\d+$/.exec((await pending.getAttribute("aria-label")) ?? "")?.[0]);
  await states.getByRole("button", { name: "Ver como tabela" }).click();
  const row = states.getByRole("row", { name: /^Pendente/ });
  await expect(row.getByRole("cell")).toHaveText(String(count));
  await axe(page);
  await row.getByRole("link", { name: "Pendente" }).click();
  await expect(page).toHaveURL(/\/garantias\?filter\[status\]=pending$/);
  await expect(page.locator("tbody tr[data-row]").first()).toBeVisible();

  await page.goto("/");
  await ready(page);
  await page.locator("a.kpi").filter({ hasText: "em aberto" }).filter({ hasText: /^Garantias e trocas\d/ }).first().click();
  await expect(page).toHaveURL(/\/garantias\?filter\[status\]\[in\]=pending,awaiting_return,generated$/);
});

test("what does not come fails alone and is asked for again", async ({ page }) => {
  let broken = true;
  await page.route("**/api/v1/warranties/aggregate?*group=status*", async (route) => {
    await (broken ? route.fulfill({ status: 500, json: { type: "x", title: "Falha", status: 500, code: "internal", request_id: "r" } }) : route.continue());
  });
  await open(page, "/");
  const states = widget(page, "Garantias e trocas por situação");
  await expect(states.getByRole("alert")).toBeVisible({ timeout: 30_000 });
  await expect(page.getByRole("heading", { name: "Garantias e trocas: últimas mudanças" })).toBeVisible();
  broken = false;
  await states.getByRole("button", { name: "Tentar de novo" }).click();
  await expect(states.getByRole("link", { name: /^Pendente: \d+$/ })).toBeVisible();
});
