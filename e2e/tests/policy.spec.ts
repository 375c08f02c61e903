import { expect, test } from "../support/fixtures.ts";
import { open } from "../support/login.ts";

/** A broken policy as the browser reports it. */
interface Violation {
  directive: string;
  blocked: string;
  sample: string;
}

declare global {
  interface Window {
    violations?: Violation[];
  }
}

/** Keeps what the browser reports on every page, from its first line on. */
function listen(): void {
  window.violations = [];
  document.addEventListener("securitypolicyviolation", (event) => {
    const { effectiveDirective: directive, blockedURI: blocked, sample } = event;
    window.violations?.push({ directive, blocked, sample });
  });
}

const PAGES = [
  "/",
  "/clientes",
  "/clientes/novo",
  "/garantias",
  "/importar/clientes",
  "/tarefas",
  "/notificacoes",
  "/usuarios",
  "/papeis",
  "/auditoria",
  "/dados-de-acesso",
  "/perfil",
];

test("the main pages keep to the content security policy", async ({ page }) => {
  await page.addInitScript(listen);
  await open(page, "/", "helena");
  for (const path of PAGES) {
    const answer = await page.goto(path);
    const policy = answer?.headers()["content-security-policy"] ?? "";
    expect(policy, path).toContain("script-src 'self' 'wasm-unsafe-eval';");
    expect(policy, path).not.toContain("unsafe-inline");
    await expect(page.getByRole("heading", { level: 1 }).first(), path).toBeVisible();
    expect(await page.evaluate(() => window.violations), path).toEqual([]);
  }
});

test("the documentation keeps to a policy without scripts", async ({ page }) => {
  await page.addInitScript(listen);
  const answer = await page.goto("/api/docs");
  expect(answer?.headers()["content-security-policy"]).toContain("default-src 'none'; style-src 'self'");
  await expect(page.getByRole("heading", { name: "Events", exact: true })).toBeVisible();
  expect(await page.evaluate(() => window.violations)).toEqual([]);
  expect(await page.evaluate(() => getComputedStyle(document.body).fontFamily)).not.toBe("");
});

test("what is smuggled into a page does not run", async ({ page, problems }) => {
  await page.addInitScript(listen);
  await page.goto("/entrar");
  await page.evaluate(() => {
    const script = document.createElement("script");
    script.textContent = "window.name = 'smuggled'";
    document.body.append(script);
    document.body.insertAdjacentHTML("beforeend", "<p style='color: red' onclick='alert(1)'>x</p>");
  });
  await expect.poll(() => page.evaluate(() => window.violations?.map((one) => one.directive))).toContain("script-src-elem");
  expect(await page.evaluate(() => window.name)).toBe("");
  const directives = await page.evaluate(() => window.violations?.map((one) => one.directive) ?? []);
  expect(directives).toContain("style-src-attr");
  // Each was refused aloud, which is what the other journeys watch for.
  expect(problems.filter((problem) => problem.includes("Content Security Policy")).length).toBeGreaterThan(0);
  problems.length = 0;
});
