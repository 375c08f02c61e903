// Attempts: again after a pause, but only where a second attempt cannot have a
// second effect. Writes carry an idempotency key that all attempts share.

export interface Retry {
  /** How often a call is made in all. */
  attempts: number;
  /** Milliseconds before the second attempt; doubles with each further one. */
  pause: number;
  /** Longest pause in milliseconds; when the server asks for more, its answer is handed on. */
  longest: number;
}

export const DEFAULT_RETRY: Retry = { attempts: 5, pause: 250, longest: 60_000 };

type Fetch = (request: Request) => Promise<Response>;

const KEY = "Idempotency-Key";

/** Writes that the server does not recognise when they come again. */
const UNKEYED = /\/api\/v1\/(imports|auth\/[a-z]+)$/;

/** A `fetch` that mends what can be mended. */
export function patient(fetch: Fetch, retry: Retry): Fetch {
  return async (request) => {
    const writes = request.method === "POST" || request.method === "PATCH";
    const keyed = writes && !UNKEYED.test(new URL(request.url).pathname);
    if (keyed && !request.headers.has(KEY)) {
      request.headers.set(KEY, crypto.randomUUID());
    }
    const safe = !writes || keyed;
    let doubtful = false;
    for (let attempt = 1; ; attempt += 1) {
      const last = attempt >= retry.attempts;
      // The original stays unread, so that it can be cloned again.
      const outcome = await once(fetch, request);
      // Gone is gone, whichever of our attempts did it.
      if (doubtful && request.method === "DELETE" && "response" in outcome && outcome.response.status === 404) {
        return new Response(null, { status: 204 });
      }
      doubtful ||= "error" in outcome || outcome.response.status > 500;
      if (last || request.signal.aborted || !(await helps(outcome, safe))) {
        return settle(outcome);
      }
      const wait = Math.max(asked(outcome), spread(retry, attempt));
      if (wait > retry.longest) {
        return settle(outcome);
      }
      await sleep(wait, request.signal);
    }
  };
}

type Outcome = { response: Response } | { error: unknown };

async function once(fetch: Fetch, request: Request): Promise<Outcome> {
  try {
    return { response: await fetch(request.clone()) };
  } catch (error) {
    return { error };
  }
}

function settle(outcome: Outcome): Response {
  if ("error" in outcome) {
    throw outcome.error;
  }
  return outcome.response;
}

/** Whether the same call may fare better a little later. */
async function helps(outcome: Outcome, safe: boolean): Promise<boolean> {
  if ("error" in outcome) {
    return safe;
  }
  const { status } = outcome.response;
  if (status === 429) {
    return true;
  }
  if (status === 409 && safe) {
    // The first attempt is still at work: its answer will be ours.
    const body: unknown = await outcome.response.clone().json().catch(() => undefined);
    return typeof body === "object" && body !== null && "code" in body && body.code === "in_progress";
  }
  return safe && (status === 502 || status === 503 || status === 504);
}

/** Milliseconds that the server asks to wait. */
function asked(outcome: Outcome): number {
  const header = "response" in outcome ? outcome.response.headers.get("Retry-After") : null;
  if (header === null) {
    return 0;
  }
  const seconds = Number(header);
  const wait = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(header) - Date.now();
  return Number.isFinite(wait) ? Math.max(wait, 0) : 0;
}

/** Between half of the pause and all of it, so that clients do not come back in step. */
function spread(retry: Retry, attempt: number): number {
  const full = Math.min(retry.pause * 2 ** (attempt - 1), retry.longest);
  return full / 2 + (full / 2) * Math.random();
}

function sleep(millis: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", stop);
      resolve();
    }, millis);
    signal.addEventListener("abort", stop, { once: true });
  });
}
