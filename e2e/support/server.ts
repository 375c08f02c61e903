import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import type { DemoLogin } from "./users.ts";
import { readLogins } from "./users.ts";

/** Longest time from start to ready: migrations and demo data of a debug build included. */
const START_MS = 90_000;
const STOP_MS = 10_000;

/** All journeys come from one address, faster than people do. */
const LIMITS = {
  CONEXAO_LOGINS_PER_MINUTE: "1000",
  CONEXAO_REQUESTS_PER_MINUTE: "100000",
  CONEXAO_WEBHOOKS_TO_PRIVATE_NETWORKS: "true",
};

const folder = import.meta.dirname;

/** A running server with data of its own. */
export interface Server {
  url: string;
  logins: DemoLogin[];
  /** What it wrote, kept after the run for whoever looks into a failure. */
  logFile: string;
  stop(): Promise<void>;
}

/** Starts the binary named by CONEXAO_BIN on a free port with demo data in a folder of its own. */
export async function startServer(name = "server", extraArgs: string[] = []): Promise<Server> {
  const binary = resolve(folder, "..", process.env.CONEXAO_BIN ?? "../target/debug/conexao");
  if (!existsSync(binary)) {
    throw new Error(`${binary} does not exist; build it with: cargo xtask test --only bundle --only browser`);
  }
  const data = mkdtempSync(join(tmpdir(), "conexao-e2e-"));
  const logs = join(folder, "..", "test-results", "logs");
  mkdirSync(logs, { recursive: true });
  const logFile = join(logs, `${name}.log`);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;

  const log = openSync(logFile, "w");
  const child = spawn(
    binary,
    ["serve", "--demo", "--listen", `127.0.0.1:${port}`, "--data", data, ...extraArgs],
    { cwd: data, stdio: ["ignore", log, log], env: environment() },
  );
  closeSync(log);
  // However this process ends, the server ends with it.
  const abandon = (): void => void child.kill("SIGKILL");
  process.once("exit", abandon);

  const stop = async (): Promise<void> => {
    process.off("exit", abandon);
    await end(child);
    rmSync(data, { recursive: true, force: true });
  };
  try {
    await untilReady(url, child);
  } catch (problem) {
    await stop();
    throw new Error(`${String(problem)}\n${readFileSync(logFile, "utf8").slice(-4000)}`);
  }
  return { url, logins: readLogins(readFileSync(logFile, "utf8")), logFile, stop };
}

/** Settings of the person who runs the tests must not reach the server under test. */
function environment(): NodeJS.ProcessEnv {
  const own = ([name]: [string, unknown]): boolean => !/^(CONEXAO_|DATABASE_URL$)/.test(name);
  return { ...Object.fromEntries(Object.entries(process.env).filter(own)), ...LIMITS };
}

async function untilReady(url: string, child: ChildProcess): Promise<void> {
  const deadline = Date.now() + START_MS;
  while (Date.now() < deadline) {
    if (child.exitCode !== null || child.signalCode !== null) {
      throw new Error(`the server ended with ${child.exitCode ?? child.signalCode}`);
    }
    const ready = await fetch(`${url}/readyz`).then((answer) => answer.ok, () => false);
    if (ready) return;
    await sleep(100);
  }
  throw new Error(`the server was not ready after ${START_MS / 1000} s`);
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "exit");
  child.kill("SIGTERM");
  const late = setTimeout(() => child.kill("SIGKILL"), STOP_MS);
  await gone;
  clearTimeout(late);
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = probe.address();
  probe.close();
  await once(probe, "close");
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}
