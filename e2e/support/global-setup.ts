import { startServer } from "./server.ts";

/** One server for the whole run; the workers learn of it from the environment. */
export default async function globalSetup(): Promise<() => Promise<void>> {
  const server = await startServer();
  process.env.CONEXAO_E2E_URL = server.url;
  process.env.CONEXAO_E2E_LOGINS = JSON.stringify(server.logins);
  return server.stop;
}
