import { axe } from "../support/axe.ts";
import { expect, test, type Page } from "../support/fixtures.ts";
import { open } from "../support/login.ts";

/** The walk is shared out among tests, so that several browsers walk at once. */
const PARTS = 4;

/** What lies over a page once something was opened. */
const OPENED = ":is([role=dialog], [role=alertdialog], [role=menu]):visible";

/** Pages that no menu leads to. */
const ASIDE = ["/perfil", "/notificacoes", "/tarefas", "/nada", "/dev/ui"];

/** Every address the menu offers this person, whatever modules there are. */
async function addresses(page: Page): Promise<string[]> {
  const menu = page.locator("nav[aria-label='Áreas']");
  const found = await menu.locator("a[href^='/']").evaluateAll((links) => links.map((link) => link.getAttribute("href") ?? ""));
  return [...new Set([...found, ...ASIDE])];
}

/** The page has what it shows: its title, and no bars where something is on its way. */
async function ready(page: Page): Promise<void> {
  await expect(page.getByRole("heading", { level: 1 }).first()).toBeVisible();
  await quiet(page);
}

/** Nothing is on its way any more. The stream of events never ends, so the network never is. */
async function quiet(page: Page): Promise<void> {
  await page.waitForTimeout(300);
  await expect(page.locator(":is([aria-busy=true], .skeleton):visible")).toHaveCount(0, { timeout: 20_000 });
}

/** Opens whatever opens on the page, one thing at a time, and looks at it; what is called alike once. */
async function openings(page: Page, scope: string, seen = new Set<string>()): Promise<void> {
  const openers = page.locator(`${scope} button[aria-haspopup]:visible:enabled`);
  const count = Math.min(await openers.count(), 12);
  for (let at = 0; at < count; at += 1) {
    const opener = openers.nth(at);
    if (!(await opener.isVisible())) continue;
    const name = (await opener.getAttribute("aria-label")) ?? (await opener.innerText());
    if (seen.has(name)) continue;
    seen.add(name);
    await opener.click();
    const opened = page.locator(OPENED).first();
    // Some only open where there is something to choose.
    const is = await opened.waitFor({ state: "visible", timeout: 2_000 }).then(() => true, () => false);
    if (!is) continue;
    await quiet(page);
    await axe(page, ":is([role=dialog], [role=alertdialog], [role=menu])");
    await page.keyboard.press("Escape");
    await expect(page.locator(OPENED)).toHaveCount(0);
  }
}

/** One page, what opens on it, and the first record and the form it leads to. */
async function look(page: Page, path: string, seen: Set<string>): Promise<void> {
  // The gallery shows what is never ready, and has a journey of its own.
  if (path === "/dev/ui") return;
  await test.step(path, async () => {
    await page.goto(path);
    await ready(page);
    await axe(page);
    await openings(page, "main", seen);
    const beyond = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(beyond, `${path}: pixels beyond the right edge`).toBeLessThanOrEqual(0);
  });
}

// In the light only: a page takes seconds, and what colours do in the dark the other journeys look at.
test.describe("everywhere", () => {
  for (let part = 0; part < PARTS; part += 1) {
    test(`every page and what opens on it, ${part + 1} of ${PARTS}`, async ({ page }) => {
      test.setTimeout(360_000);
      // The same mechanism draws what is called alike on many pages.
      const seen = new Set<string>();
      await open(page, "/");
      await ready(page);
      const mine = (await addresses(page)).filter((_, at) => at % PARTS === part);
      for (const path of mine) {
        await look(page, path, seen);
        const form = page.locator(`main a[href='${path}/novo']`);
        const record = page.locator("tbody tr[data-row] a[href]").first();
        const next = [
          (await record.count()) > 0 ? await record.getAttribute("href") : null,
          (await form.count()) > 0 ? `${path}/novo` : null,
        ];
        for (const address of next) if (address) await look(page, address, seen);
      }
    });
  }

  test("what opens over every page", async ({ page }) => {
    test.slow();
    await open(page, "/garantias");
    await ready(page);
    await openings(page, "header");
    for (const key of ["Control+k", "?"]) {
      await page.keyboard.press(key);
      await expect(page.locator(OPENED).first()).toBeVisible();
      await axe(page);
      await page.keyboard.press("Escape");
      await expect(page.locator(OPENED)).toHaveCount(0);
    }
    await page.keyboard.press("[");
    await axe(page);
    await page.keyboard.press("[");
  });

  test("acts on many, and the dialogs they ask with", async ({ page }) => {
    test.slow();
    await open(page, "/garantias?filter[status]=pending");
    await ready(page);
    await page.locator("tbody tr[data-row]").first().getByRole("checkbox").check();
    const bar = page.getByRole("toolbar", { name: "Ações para os selecionados" });
    await expect(bar).toBeVisible();
    await axe(page);
    await openings(page, ".bulkbar");
    await bar.getByRole("button", { name: "Atribuir" }).click();
    await expect(page.locator(OPENED).first()).toBeVisible();
    await axe(page);
  });
});

test("at twice the size nothing is lost", async ({ page }) => {
  test.setTimeout(240_000);
  // 1280 px wide at 200 % leaves 640, at 400 % 320 (WCAG 1.4.4 and 1.4.10).
  await open(page, "/");
  await ready(page);
  const all = await addresses(page);
  for (const width of [640, 320]) {
    await page.setViewportSize({ width, height: 512 });
    for (const path of all.slice(0, 12)) {
      await page.goto(path);
      await ready(page);
      const beyond = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      expect(beyond, `${path} at ${width} px`).toBeLessThanOrEqual(0);
    }
  }
});
