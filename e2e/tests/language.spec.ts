import { readFileSync } from "node:fs";

import { axe } from "../support/axe.ts";
import { expect, test, type Page } from "../support/fixtures.ts";
import { inside, open } from "../support/login.ts";
import { word } from "../support/people.ts";

type Texts = { [key: string]: string };

const read = (path: string): Texts => JSON.parse(readFileSync(new URL(`../../${path}`, import.meta.url), "utf8")) as Texts;

const PORTUGUESE: Texts = {
  ...read("crates/domain/locales/pt-BR.json"),
  ...read("frontend/locales/pt-BR.json"),
  ...read("frontend/locales/pt-BR.parts.json"),
};
const ENGLISH: Texts = { ...read("crates/domain/locales/en.json"), ...read("frontend/locales/en.json") };

/** What these keys say is kept with records in the language of its moment, and people may have written over it. */
const KEPT = /^(role|notice|security|mail|message|template|job|sms|demo|tag)\./;

/** Screens of everybody and of administrators; those of resources are added. */
const SCREENS = [
  "/",
  "/tarefas",
  "/notificacoes",
  "/perfil",
  "/auditoria",
  "/titulares",
  "/dados-de-acesso",
  "/configuracoes/empresa",
  "/configuracoes/integracoes",
  "/papeis/por-que",
  "/canais",
  "/modelos-de-mensagem",
  "/importar/clientes",
  "/nada-aqui",
];

const RESOURCES = [
  "/ausencias",
  "/clientes",
  "/consentimentos",
  "/convites",
  "/enderecos-bloqueados",
  "/entregas-de-webhook",
  "/envios",
  "/equipes",
  "/garantias",
  "/guarda-legal",
  "/papeis",
  "/privacidade",
  "/tokens",
  "/usuarios",
  "/webhooks",
];

const plain = (text: string): string => text.replace(/\s+/g, " ").trim();

/** Finds texts of the language that is not in use. */
class Stranger {
  private readonly own: Set<string>;
  private readonly exact = new Map<string, string>();
  private readonly patterns: [RegExp, string][] = [];

  constructor(own: Texts, other: Texts) {
    this.own = new Set(Object.values(own).map(plain));
    const kept = new Set(Object.entries(other).flatMap(([key, value]) => (KEPT.test(key) ? [plain(value)] : [])));
    for (const [key, value] of Object.entries(other)) {
      const text = plain(value);
      if (kept.has(text) || this.own.has(text)) continue;
      if (!text.includes("{")) {
        this.exact.set(text, key);
        continue;
      }
      // With little around its gaps a text would match anything.
      const letters = text.replace(/\{\w+\}/g, "").replace(/[^\p{L}]/gu, "");
      if (letters.length < 8) continue;
      const source = text.replace(/[.*+?^$()|[\]\\]/g, "\\$&").replace(/\{\w+\}/g, ".+?");
      this.patterns.push([new RegExp(`^${source}$`, "u"), key]);
    }
  }

  /** Which key of the other language says this; none for one's own words and for data. */
  key(text: string): string | undefined {
    // One letter is a key of the keyboard.
    if (text.length < 2 || this.own.has(text)) return undefined;
    return this.exact.get(text) ?? this.patterns.find(([pattern]) => pattern.test(text))?.[1];
  }
}

/** Everything that is read on the page, by eyes or by a screen reader; codes stand for themselves. */
async function texts(page: Page): Promise<string[]> {
  const found = await page.evaluate(() => {
    const found = new Set<string>();
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const parent = walker.currentNode.parentElement;
      if (!parent?.closest("script, style, noscript, iframe, code, pre, textarea, #boot")) found.add(walker.currentNode.textContent ?? "");
    }
    for (const element of document.querySelectorAll("body *")) {
      for (const name of ["aria-label", "title", "placeholder", "alt"]) found.add(element.getAttribute(name) ?? "");
    }
    return [...found];
  });
  return found.map(plain).filter((text) => text !== "");
}

/** Walks through the screens and lists what does not belong there. */
async function walk(page: Page, stranger: Stranger): Promise<string[]> {
  const wrong: string[] = [];
  const keys = new Set([...Object.keys(PORTUGUESE), ...Object.keys(ENGLISH)]);
  const look = async (where: string): Promise<void> => {
    for (const text of await texts(page)) {
      const key = stranger.key(text);
      if (key) wrong.push(`${where}: “${text}” is ${key}`);
      if (keys.has(text)) wrong.push(`${where}: the key ${text}`);
    }
  };
  const visit = async (path: string): Promise<void> => {
    await page.goto(path);
    await inside(page);
    await page.waitForLoadState("networkidle").catch(() => undefined);
    await look(path);
  };
  for (const path of SCREENS) await visit(path);
  for (const path of RESOURCES) {
    await visit(path);
    const record = page.locator(`main a[href^="${path}/"]`).filter({ hasNot: page.locator("[href$='/novo']") });
    const paths = await record.evaluateAll((links) => links.map((link) => link.getAttribute("href") ?? ""));
    const first = paths.find((href) => /\/[0-9a-f]{8}-/.test(href));
    await visit(`${path}/novo`);
    const save = page.locator(".actbar .btn-primary");
    if (await save.isVisible()) {
      await save.click();
      await look(`${path}/novo, refused`);
    }
    if (first) await visit(first.split("?")[0] ?? first);
  }
  await page.goto("/clientes");
  await inside(page);
  await page.keyboard.press("?");
  await look("shortcuts");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+k");
  await look("palette");
  return wrong;
}

test("in Portuguese nothing is English", async ({ page }) => {
  test.setTimeout(240_000);
  await open(page, "/");
  expect(await walk(page, new Stranger(PORTUGUESE, ENGLISH))).toEqual([]);
});

test("in English nothing is Portuguese, and figures follow", async ({ page, api, playwright, baseURL }) => {
  test.setTimeout(240_000);
  const reader = await api.user(`Ema ${word()}`, "admin");
  const request = await playwright.request.newContext({ baseURL: baseURL ?? "" });
  const login = await request.post("/api/v1/auth/login", { data: { email: reader.email, password: reader.password } });
  const { access_token } = (await login.json()) as { access_token: string };
  const headers = { authorization: `Bearer ${access_token}` };
  expect((await request.patch("/api/v1/me", { headers, data: { locale: "en" } })).ok()).toBe(true);
  await request.dispose();
  await page.addInitScript(() => localStorage.setItem("conexao.locale", "en"));
  await open(page, "/", reader);
  await expect(page.locator("html")).toHaveAttribute("lang", "en");
  expect(await walk(page, new Stranger(ENGLISH, PORTUGUESE))).toEqual([]);

  // Amounts, quantities and days are typed and shown the English way.
  await page.goto("/garantias/novo");
  const price = page.getByRole("textbox", { name: "Unit price" });
  await price.click();
  await page.keyboard.type("123456");
  await expect(price).toHaveValue("1,234.56");
  const quantity = page.getByRole("textbox", { name: "Quantity" });
  await quantity.fill("");
  await quantity.pressSequentially("1,5");
  await expect(quantity).toHaveValue("1.5");
  await page.getByRole("textbox", { name: "Deadline" }).press("ArrowDown");
  await expect(page.getByRole("dialog", { name: "Calendar" }).getByRole("columnheader").first()).toHaveText(/Sunday$/);
  await axe(page);
});
