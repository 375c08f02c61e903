import { expect, type APIRequestContext } from "@playwright/test";

import { demoLogin } from "./users.ts";
import { PASSWORD } from "./people.ts";

/** A record as the API gives it. */
export interface Record {
  id: string;
  version: number;
  [field: string]: unknown;
}

/** A user made for one journey. */
export interface User extends Record {
  name: string;
  email: string;
  password: string;
}

/** The API as one user: prepares what a journey starts from and reads what it left. */
export class Api {
  private constructor(
    private readonly request: APIRequestContext,
    private readonly token: string,
  ) {}

  static async as(request: APIRequestContext, user: string): Promise<Api> {
    const { email, password } = demoLogin(user);
    const answer = await request.post("/api/v1/auth/login", { data: { email, password } });
    expect(answer.status(), `login of ${email}`).toBe(200);
    const { access_token } = (await answer.json()) as { access_token: string };
    return new Api(request, access_token);
  }

  async get<T = Record>(path: string): Promise<T> {
    return this.call<T>("GET", path);
  }

  async post<T = Record>(path: string, data: unknown = {}): Promise<T> {
    return this.call<T>("POST", path, data);
  }

  /** Changes what was read at a path. */
  async change<T = Record>(path: string, seen: Record, data: unknown): Promise<T> {
    return this.call<T>("PATCH", path, data, { "if-match": `"${seen.version}"` });
  }

  /** Deletes what was read at a path. */
  async remove(path: string, seen: Record): Promise<void> {
    await this.call("DELETE", path, undefined, { "if-match": `"${seen.version}"` });
  }

  /** Takes a step of a record that was read, with what the step asks for. */
  async step(path: string, record: Record | undefined, step: string, inputs: unknown = {}): Promise<void> {
    expect(record, `a record for ${step}`).toBeDefined();
    const headers = { "if-match": `"${record?.version}"` };
    await this.call("POST", `${path}/${record?.id}/actions/${step}`, inputs, headers);
  }

  /** The records of a list. */
  async list(path: string): Promise<Record[]> {
    return (await this.get<{ items: Record[] }>(path)).items;
  }

  /** Creates several records, a few at a time. */
  async create(path: string, inputs: object[]): Promise<Record[]> {
    const records: Record[] = [];
    for (let at = 0; at < inputs.length; at += 8) {
      const some = inputs.slice(at, at + 8);
      records.push(...(await Promise.all(some.map((input) => this.post(path, input)))));
    }
    return records;
  }

  /** Creates a user with the role of that key and a password. */
  async user(name: string, role: string): Promise<User> {
    const [found] = await this.list(`/roles?filter[key]=${role}`);
    expect(found, `role ${role}`).toBeDefined();
    const email = `${name.toLowerCase().replace(/[^a-z0-9]+/g, ".")}@aurora.demo`;
    const user = await this.post("/users", { name, email, roles: [{ role_id: found?.id }] });
    await this.post(`/users/${user.id}/actions/set-password`, { password: PASSWORD });
    return { ...user, name, email, password: PASSWORD };
  }

  private async call<T>(method: string, path: string, data?: unknown, more: { [name: string]: string } = {}): Promise<T> {
    const headers = { authorization: `Bearer ${this.token}`, ...more };
    const answer = await this.request.fetch(`/api/v1${path}`, { method, headers, data });
    const text = await answer.text();
    expect(answer.ok(), `${method} ${path}: ${answer.status()} ${text}`).toBe(true);
    return (text === "" ? undefined : JSON.parse(text)) as T;
  }
}
