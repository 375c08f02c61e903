import { axe } from "../support/axe.ts";
import { expect, test } from "../support/fixtures.ts";
import { open } from "../support/login.ts";
import { word } from "../support/people.ts";

test("notices are chosen per category and channel", { tag: ["@dark", "@phone"] }, async ({ page, api }) => {
  const user = await api.user(`Nina ${word()}`, "vendedor");
  await open(page, "/perfil", user);
  const panel = page.locator("#avisos");
  const mail = panel.getByRole("checkbox", { name: "Comentários: E-mail" });
  await expect(mail).not.toBeChecked();
  await mail.check();
  await expect(page.getByText("Perfil salvo")).toBeVisible();
  await panel.getByLabel("E-mails de avisos").selectOption({ label: "Reunidos a cada hora" });
  await panel.getByLabel("Se eu não ler").selectOption("30");
  await panel.getByLabel("Início do silêncio").fill("22:00");
  await panel.getByLabel("Fim do silêncio").fill("07:00");
  await panel.getByRole("button", { name: "Por 4 h" }).click();
  await expect(panel.getByRole("button", { name: "Encerrar" })).toBeVisible();
  await axe(page, "#avisos");

  // Somewhere security has to arrive.
  await panel.getByRole("checkbox", { name: "Segurança: E-mail" }).uncheck();
  const inApp = panel.getByRole("checkbox", { name: "Segurança: No Conexão" });
  await inApp.click();
  await expect(page.getByText("Avisos de segurança precisam chegar")).toBeVisible();
  await expect(inApp).toBeChecked();

  await page.reload();
  await expect(mail).toBeChecked();
  await expect(panel.getByLabel("E-mails de avisos")).toHaveValue("hour");
  await expect(panel.getByLabel("Se eu não ler")).toHaveValue("30");
  await expect(panel.getByLabel("Início do silêncio")).toHaveValue("22:00");
  await expect(page.getByRole("heading", { name: "Push neste navegador" })).toBeVisible();
});

test("the service worker is served where it may work", async ({ request, baseURL }) => {
  const answer = await request.get(`${baseURL}/sw.js`);
  expect(answer.status()).toBe(200);
  expect(answer.headers()["content-type"]).toContain("javascript");
  expect(answer.headers()["cache-control"]).toBe("no-cache");
  expect(answer.headers()["content-security-policy"]).toContain("worker-src 'self'");
});

test("a way out is paused and goes on", { tag: ["@dark", "@phone"] }, async ({ page }) => {
  await open(page, "/canais");
  await expect(page.getByRole("heading", { level: 1, name: "Canais" })).toBeVisible();
  await page.getByRole("button", { name: "Pausar: Slack" }).click();
  await expect(page.getByText(/^Pausado por /)).toBeVisible();
  await axe(page);
  await page.getByRole("button", { name: "Retomar: Slack" }).click();
  await expect(page.getByRole("button", { name: "Pausar: Slack" })).toBeVisible();
  await expect(page.getByText("/api/v1/callbacks/mail/")).toBeVisible();
});

test("a template says which line is wrong, and is put back", { tag: ["@dark", "@phone"] }, async ({ page }) => {
  await open(page, "/modelos-de-mensagem");
  await expect(page.getByRole("heading", { level: 1, name: "Modelos de mensagem" })).toBeVisible();
  await axe(page);
  await page.getByRole("link", { name: /Boas-vindas English/ }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Boas-vindas" })).toBeVisible();
  const shown = page.frameLocator("iframe");
  await expect(shown.getByText("Aurora Electronics").first()).toBeVisible();
  const subject = page.getByLabel("Assunto");
  await subject.fill("Hello {{ nobody }}");
  await expect(page.getByText("Linha 1:")).toBeVisible();
  await expect(subject).toHaveAttribute("aria-invalid", "true");
  await subject.fill("Hello {{ name }}, you are in");
  await expect(page.getByText("Hello Ana Souza, you are in")).toBeVisible();
  await axe(page);
  await page.getByRole("button", { name: "Salvar" }).click();
  await expect(page.getByText("Modelo salvo")).toBeVisible();
  await expect(page.getByText("Personalizado")).toBeVisible();
  await page.getByRole("button", { name: "Voltar ao padrão" }).click();
  await expect(page.getByText("O texto padrão voltou")).toBeVisible();
  await expect(subject).toHaveValue("Welcome, {{ name }}");
});

test("communications show on the customer, with what became of them", { tag: ["@dark", "@phone"] }, async ({ page, api }) => {
  const customer = await api.post("/customers", { name: `Loja ${word()}` });
  const message = { subject: "Sua visita", address: `${word().toLowerCase()}@loja.demo`, body: "Chegamos às 10h.", customer_id: customer.id };
  await api.post("/messages", message);
  await open(page, `/clientes/${customer.id}`);
  await page.getByRole("link", { name: /Sua visita/ }).first().click();
  await expect(page.getByRole("heading", { level: 1, name: "Sua visita" })).toBeVisible();
  await expect(page.getByRole("heading", { name: "Percurso da mensagem" })).toBeVisible();
  await page.getByRole("button", { name: "Mostrar conteúdo" }).click();
  await expect(page.frameLocator("iframe").getByText("Chegamos às 10h.").last()).toBeVisible();
  await axe(page);
});
