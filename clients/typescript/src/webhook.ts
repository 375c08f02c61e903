// Whether a webhook is ours: HMAC-SHA256 over identity, moment and body.

/** The headers of a request, as `fetch` servers or Node have them. */
export type WebhookHeaders = Headers | Record<string, string | string[] | undefined>;

export interface VerifyOptions {
  /** Seconds that the moment of sending may lie from now; 300 unless told. */
  tolerance?: number;
  /** Seconds of Unix time. */
  now?: number;
}

/**
 * Believes a webhook if one of its signatures (`webhook-signature`: a
 * `v1,<base64>` for each secret that is good) was made with one of the secrets
 * and its moment is near. `body` is the request's body exactly as it came.
 * `webhook-id` is the same in every attempt: remember it to act once.
 */
export async function verifyWebhook(
  secrets: string | readonly string[],
  headers: WebhookHeaders,
  body: string | Uint8Array,
  options: VerifyOptions = {},
): Promise<boolean> {
  const [id, moment] = [header(headers, "webhook-id"), header(headers, "webhook-timestamp")];
  if (id === "" || !/^\d{1,12}$/.test(moment)) {
    return false;
  }
  const now = options.now ?? Math.floor(Date.now() / 1000);
  if (Math.abs(now - Number(moment)) > (options.tolerance ?? 300)) {
    return false;
  }
  const signed = join(`${id}.${moment}.`, body);
  const parts = header(headers, "webhook-signature").split(/\s+/);
  const given = parts.filter((part) => part.startsWith("v1,")).map((part) => bytes(part.slice(3)));
  for (const secret of typeof secrets === "string" ? [secrets] : secrets) {
    if (secret !== "" && (await fits(secret, given, signed))) {
      return true;
    }
  }
  return false;
}

function header(headers: WebhookHeaders, name: string): string {
  const value = headers instanceof Headers ? headers.get(name) : headers[name];
  return (Array.isArray(value) ? value[0] : value) ?? "";
}

async function fits(secret: string, given: Uint8Array<ArrayBuffer>[], signed: Uint8Array<ArrayBuffer>): Promise<boolean> {
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", new TextEncoder().encode(secret), algorithm, false, ["verify"]);
  // The platform compares in constant time.
  const checks = given.map((signature) => crypto.subtle.verify("HMAC", key, signature, signed));
  return (await Promise.all(checks)).includes(true);
}

function join(head: string, body: string | Uint8Array): Uint8Array<ArrayBuffer> {
  const encoder = new TextEncoder();
  const [first, rest] = [encoder.encode(head), typeof body === "string" ? encoder.encode(body) : body];
  const all = new Uint8Array(first.length + rest.length);
  all.set(first);
  all.set(rest, first.length);
  return all;
}

function bytes(base64: string): Uint8Array<ArrayBuffer> {
  try {
    return Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
  } catch {
    return new Uint8Array();
  }
}
