import type { Api, Record, User } from "../support/api.ts";
import { axe } from "../support/axe.ts";
import { expect, test } from "../support/fixtures.ts";
import { open } from "../support/login.ts";
import { bell } from "../support/notices.ts";
import { word } from "../support/people.ts";

/** A user to whom somebody has written `count` comments. */
async function mentioned(api: Api, count: number): Promise<{ user: User; record: Record }> {
  const user = await api.user(`Davi ${word()}`, "admin_cs");
  const record = await api.post("/customers", { name: `${word()} Nogueira` });
  for (let n = 1; n <= count; n += 1) {
    await api.post(`/customers/${record.id}/comments`, { text: `@${user.name} recado ${n}`, mentions: [user.id] });
  }
  return { user, record };
}

test("notifications are read and deleted, one by one and together", async ({ page, api }) => {
  const { user, record } = await mentioned(api, 4);
  await open(page, "/notificacoes", user);
  await expect(bell(page)).toHaveAccessibleName("Notificações: 4 não lidas");
  const list = page.getByRole("region", { name: "Notificações" });
  const rows = list.getByRole("listitem").filter({ hasText: `mencionou você em ${String(record.name)}` });
  await expect(rows).toHaveCount(4);
  await axe(page);

  await rows.first().getByRole("button", { name: "Marcar como lida" }).click();
  await expect(bell(page)).toHaveAccessibleName("Notificações: 3 não lidas");
  await list.getByRole("tab", { name: /^Não lidas/ }).click();
  await expect(rows).toHaveCount(3);
  await rows.first().getByRole("button", { name: "Excluir notificação" }).click();
  await expect(rows).toHaveCount(2);

  await list.getByRole("tab", { name: "Todas" }).click();
  await expect(rows).toHaveCount(3);
  await page.getByRole("button", { name: "Selecionar" }).click();
  await rows.nth(0).getByRole("checkbox").check();
  await rows.nth(1).getByRole("checkbox").check();
  const bar = page.getByRole("toolbar", { name: "Ações sobre as notificações escolhidas" });
  await expect(bar).toContainText("2 notificações");
  await axe(page);
  await bar.getByRole("button", { name: "Excluir notificação" }).click();
  await expect(rows).toHaveCount(1);
  // Gone from the server as well.
  await page.reload();
  await expect(rows).toHaveCount(1);
});

test("a notification counts up while one works, and leads to its record", async ({ page, api }) => {
  const { user, record } = await mentioned(api, 1);
  await open(page, "/clientes", user);
  await expect(bell(page)).toHaveAccessibleName("Notificações: 1 não lidas");
  await api.post(`/customers/${record.id}/comments`, { text: `@${user.name} mais um`, mentions: [user.id] });
  await expect(bell(page)).toHaveAccessibleName("Notificações: 2 não lidas");
  await bell(page).click();
  const drawer = page.getByRole("dialog", { name: "Notificações" });
  await axe(page);
  await drawer.getByRole("button", { name: "Marcar como lidas" }).click();
  await expect(bell(page)).toHaveAccessibleName("Notificações: 0 não lidas");
  await drawer.getByRole("link", { name: `mencionou você em ${String(record.name)}` }).first().click();
  await expect(page.getByRole("heading", { level: 1, name: String(record.name) })).toBeVisible();
});

test("a row that another person changes is fresh, a new one waits for a click", async ({ page, api }) => {
  const tag = word();
  const record = await api.post("/customers", { name: `${tag} A` });
  await open(page, `/clientes?q=${tag}`, "inacio");
  const rows = page.getByRole("row").filter({ hasText: tag });
  await expect(rows).toHaveCount(1);
  await api.post(`/customers/bulk`, { action: "patch", values: { tags: ["VIP"] }, ids: [record.id] });
  await api.post("/customers", { name: `${tag} B` });
  await page.getByRole("button", { name: /novos? registros?$/ }).click();
  await expect(rows).toHaveCount(2);
});

test("the job centre tells what was done and which records refused", async ({ page, api }) => {
  const tag = word();
  const [free, blocked] = await api.create("/customers", [{ name: `${tag} livre` }, { name: `${tag} bloqueada` }]);
  const ids = [free?.id, blocked?.id];
  await open(page, "/tarefas");
  await expect(page.getByRole("heading", { level: 1, name: "Tarefas" })).toBeVisible();
  await api.post("/customers/bulk", { action: "block", values: { block_reason: "Teste" }, ids: [blocked?.id] });
  await expect.poll(async () => (await api.get(`/customers/${blocked?.id}`)).status).toBe("blocked");
  const job = await api.post("/customers/bulk", { action: "block", values: { block_reason: "Teste" }, ids });
  await expect.poll(async () => (await api.get(`/jobs/${job.id}`)).state).toBe("done");
  expect(await api.get(`/jobs/${job.id}`)).toMatchObject({ failed: 1 });

  const row = page.getByRole("listitem").filter({ hasText: "1 falha" }).first();
  await expect(row).toContainText("Concluída");
  await page.getByRole("tab", { name: /^Com falhas/ }).click();
  await row.getByRole("button", { name: "Ver falhas" }).click();
  await expect(row.getByRole("row")).toHaveCount(2);
  await axe(page);
  await row.getByRole("link", { name: "Abrir registro" }).click();
  await expect(page.getByRole("heading", { level: 1, name: `${tag} bloqueada` })).toBeVisible();
});
