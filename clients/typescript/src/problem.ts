// What the server refused (RFC 9457), as an error that can be caught.

import type { components } from "./schema.js";

export type Problem = components["schemas"]["Problem"];

/** One refused value: its path (`contacts.0.value`), reason code and wording. */
export interface FieldProblem {
  field: string;
  code: string;
  message: string;
}

/** A refusal of the server. `code` is stable, `message` is for people. */
export class ProblemError extends Error {
  readonly status: number;
  /** E.g. `stale`; `internal` when the answer was no problem document. */
  readonly code: string;
  /** Reason code behind the detail, e.g. of a guard that refused a step. */
  readonly reason: string | undefined;
  /** What support asks for. */
  readonly requestId: string | undefined;
  readonly errors: readonly FieldProblem[];
  /** The whole document, with extension members such as `current` or `valid`. */
  readonly problem: Readonly<Record<string, unknown>>;

  constructor(status: number, body: unknown) {
    const problem = isObject(body) ? body : {};
    const words = [text(problem["title"]), text(problem["detail"])].filter((part) => part !== undefined);
    super(words.join(" ") || `HTTP ${status}`);
    this.name = "ProblemError";
    this.status = status;
    this.code = text(problem["code"]) ?? "internal";
    this.reason = text(problem["reason"]);
    this.requestId = text(problem["request_id"]);
    this.errors = Array.isArray(problem["errors"]) ? (problem["errors"] as FieldProblem[]) : [];
    this.problem = problem;
  }

  /** What is wrong with one value, by its path. */
  field(path: string): string | undefined {
    return this.errors.find((error) => error.field === path)?.message;
  }
}

/** What a call of the client resolves to. */
export interface Result<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** The data of a call, or a {@link ProblemError}. */
export async function unwrap<T>(call: Promise<Result<T>>): Promise<NonNullable<T>> {
  const { data, error, response } = await call;
  if (!response.ok) {
    throw new ProblemError(response.status, error);
  }
  return data as NonNullable<T>;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
