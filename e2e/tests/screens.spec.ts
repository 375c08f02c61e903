import type { Api } from "../support/api.ts";
import { axe } from "../support/axe.ts";
import { companies } from "../support/companies.ts";
import { expect, test, type Page } from "../support/fixtures.ts";
import { open } from "../support/login.ts";
import { picture } from "../support/picture.ts";

/** A screen: name of its picture, address, and what must be there before it is looked at. */
interface Screen {
  name: string;
  path: string | ((api: Api) => Promise<string>);
  ready: (page: Page) => Promise<void>;
}

function heading(name: string | RegExp): (page: Page) => Promise<void> {
  return (page) => expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
}

/** The list has its rows (or cards) and their count. */
function rows(name: string): (page: Page) => Promise<void> {
  return async (page) => {
    await heading(name)(page);
    const shown = page.locator("tbody tr[data-row], a.rowcard").filter({ visible: true });
    await expect(shown.first()).toBeVisible();
    await expect(page.locator(".page-head").getByRole("status")).toContainText(/\d/);
  };
}

/** The record has what is read after it: timeline, documents. */
function record(name: string | RegExp): (page: Page) => Promise<void> {
  return async (page) => {
    await heading(name)(page);
    await expect(page.getByRole("region", { name: "Atividade" }).getByRole("listitem").first()).toBeVisible();
  };
}

async function first(api: Api, list: string): Promise<string> {
  const [found] = await api.list(list);
  expect(found, list).toBeDefined();
  return found?.id ?? "";
}

const SCREENS: Screen[] = [
  {
    name: "home",
    path: "/",
    ready: async (page) => {
      await heading(/^(Bom dia|Boa tarde|Boa noite), Helena$/)(page);
      await expect(page.locator(".kpi-value").filter({ hasNotText: /\d/ })).toHaveCount(0);
      await expect(page.getByRole("group", { name: "Garantias e trocas por situação" })).toBeVisible();
      await expect(page.getByRole("heading", { name: "Garantias e trocas: últimas mudanças" })).toBeVisible();
    },
  },
  { name: "customers", path: "/clientes", ready: rows("Clientes") },
  { name: "customer", path: async (api) => `/clientes/${await first(api, "/customers?q=capitu")}`, ready: record(/^Capitu/) },
  { name: "customer-form", path: "/clientes/novo", ready: heading("Novo cliente") },
  { name: "warranties", path: "/garantias", ready: rows("Garantias e trocas") },
  {
    name: "warranty",
    path: async (api) => `/garantias/${await first(api, "/warranties?filter[status]=generated&sort=number")}`,
    ready: record(/^(Garantia|Troca) (GR|TR)-\d{6}$/),
  },
  { name: "warranty-form", path: "/garantias/novo", ready: heading("Nova garantia") },
  { name: "jobs", path: "/tarefas", ready: heading("Tarefas") },
  { name: "notifications", path: "/notificacoes", ready: heading("Notificações") },
  { name: "users", path: "/usuarios", ready: rows("Usuários") },
  { name: "user-form", path: "/usuarios/novo", ready: heading("Novo usuário") },
  { name: "roles", path: "/papeis", ready: rows("Papéis") },
  { name: "role", path: async (api) => `/papeis/${await first(api, "/roles?filter[key]=gerente")}`, ready: record("Gerente") },
  {
    name: "audit",
    path: "/auditoria",
    ready: async (page) => {
      await heading("Auditoria")(page);
      await expect(page.locator("table.tbl tbody tr").first()).toBeVisible();
    },
  },
  {
    name: "why",
    path: "/papeis/por-que?permissao=customer.delete",
    ready: (page) => expect(page.getByText("Pode, em todos os registros")).toBeVisible(),
  },
  { name: "profile", path: "/perfil", ready: heading("Meu perfil") },
  { name: "missing", path: "/nada", ready: heading("Página não encontrada") },
];

test.describe("screen", { tag: ["@dark", "@phone"] }, () => {
  for (const screen of SCREENS) {
    test(screen.name, async ({ page, api }) => {
      const path = typeof screen.path === "string" ? screen.path : await screen.path(api);
      await open(page, path);
      await screen.ready(page);
      await axe(page);
      await fits(page);
      await picture(page, screen.name);
    });
  }

  test("import", async ({ page }) => {
    await open(page, "/importar/clientes");
    await page.locator("input[type=file]").setInputFiles({ name: "clientes_pj.csv", mimeType: "text/csv", buffer: (await companies()).content });
    await expect(page.getByRole("region", { name: "Colunas" })).toContainText("Como vai ficar");
    await page.getByRole("button", { name: "Simular", exact: true }).click();
    await expect(page.getByRole("region", { name: "Problemas" }).getByRole("listitem")).toHaveCount(2, { timeout: 40_000 });
    await axe(page);
    await fits(page);
    await picture(page, "import");
  });

  test("login", async ({ page }) => {
    await page.goto("/entrar");
    await heading("Entrar")(page);
    await axe(page);
    await fits(page);
    await picture(page, "login");
  });

  test("api-docs", async ({ page }) => {
    await page.goto("/api/docs");
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await axe(page);
    await fits(page);
    await picture(page, "api-docs");
  });
});

/** Nothing makes the page scroll sideways. */
async function fits(page: Page): Promise<void> {
  const beyond = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(beyond, "pixels beyond the right edge").toBeLessThanOrEqual(0);
}
