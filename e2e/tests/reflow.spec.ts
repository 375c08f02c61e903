import { expect, test, type Page } from "../support/fixtures.ts";
import { inside, open } from "../support/login.ts";
import { word } from "../support/people.ts";

/** What stands partly outside the screen and cannot be scrolled to where it is. */
async function lost(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const wide = document.documentElement.scrollWidth > window.innerWidth ? ["the page scrolls sideways"] : [];
    const scrolls = (element: Element): boolean => {
      for (let above = element.parentElement; above && above !== document.body; above = above.parentElement) {
        if (["auto", "scroll"].includes(getComputedStyle(above).overflowX)) return true;
      }
      return false;
    };
    const outside = [...document.querySelectorAll("header *, main *")].filter((element) => {
      const { right, width, height } = element.getBoundingClientRect();
      return width > 1 && height > 1 && right > window.innerWidth + 1 && !scrolls(element);
    });
    return [...wide, ...outside.map((element) => `${element.tagName} ${element.textContent?.trim().slice(0, 40)}`)];
  });
}

/** 320 px, as at 400 % zoom, and half of 1440 × 900, as at 200 %. */
for (const [width, height] of [[320, 640], [720, 450]] as const) {
  test(`nothing is lost on ${width} × ${height}`, async ({ page, api }) => {
    await page.setViewportSize({ width, height });
    const customer = await api.post("/customers", { name: `${word()} de Nome Comprido Que Não Cabe Numa Linha Só` });
    const item = { sku: "RT-AX1800-V2", product: "Roteador Wi-Fi 6", reason: "Não liga", quantity: 1000, unit_price: 12_345_678 };
    const warranty = await api.post("/warranties", { customer_id: customer.id, items: [item] });
    await open(page, "/");
    const paths = ["/", "/clientes", "/garantias", "/clientes/novo", "/garantias/novo", `/clientes/${customer.id}`];
    for (const path of [...paths, `/garantias/${warranty.id}`, `/garantias/${warranty.id}/editar`, "/perfil", "/notificacoes", "/tarefas"]) {
      await page.goto(path);
      await inside(page);
      await page.waitForLoadState("networkidle").catch(() => undefined);
      expect(await lost(page), path).toEqual([]);
    }
  });
}

test("with reduced motion nothing moves for long", async ({ page }) => {
  await page.emulateMedia({ reducedMotion: "reduce" });
  await open(page, "/clientes");
  await page.keyboard.press("Control+k");
  const longest = await page.evaluate(() => {
    const times = [...document.querySelectorAll("*")].flatMap((element) => {
      const { animationDuration, transitionDuration } = getComputedStyle(element);
      return `${animationDuration}, ${transitionDuration}`.split(", ").map(Number.parseFloat);
    });
    return Math.max(...times);
  });
  expect(longest).toBeLessThan(0.01);
});

test("with forced colours what is chosen still shows", async ({ page }) => {
  await page.emulateMedia({ forcedColors: "active" });
  await open(page, "/garantias/novo");
  const field = page.getByRole("textbox", { name: "Prazo" });
  await field.fill("16/11/2026");
  await field.press("ArrowDown");
  const look = (name: RegExp): Promise<string> =>
    page.getByRole("button", { name }).evaluate((day) => getComputedStyle(day).backgroundColor);
  expect(await look(/^Segunda-feira, 16 de novembro/)).not.toBe(await look(/^Terça-feira, 17 de novembro/));
});
