// Whether a webhook is ours: HMAC-SHA256 over moment and body.

/** Header with the signature: `t=<seconds>,v1=<hex>`, one `v1` for each secret that is good. */
export const SIGNATURE = "conexao-signature";

export interface VerifyOptions {
  /** Seconds that the moment of sending may lie from now; 300 unless told. */
  tolerance?: number;
  /** Seconds of Unix time. */
  now?: number;
}

/**
 * Believes a webhook if a signature was made with one of the secrets and its
 * moment is near. `body` is the request's body exactly as it came.
 */
export async function verifyWebhook(
  secrets: string | readonly string[],
  header: string | null | undefined,
  body: string | Uint8Array,
  options: VerifyOptions = {},
): Promise<boolean> {
  const parts = (header ?? "").split(",").map((part) => part.trim().split("="));
  const moment = parts.find(([name]) => name === "t")?.[1] ?? "";
  if (!/^\d{1,12}$/.test(moment)) {
    return false;
  }
  const now = options.now ?? Date.now() / 1000;
  if (Math.abs(now - Number(moment)) > (options.tolerance ?? 300)) {
    return false;
  }
  const signed = join(`${moment}.`, body);
  const given = parts.filter(([name]) => name === "v1").map(([, hex]) => bytes(hex ?? ""));
  for (const secret of typeof secrets === "string" ? [secrets] : secrets) {
    if (secret !== "" && (await fits(secret, given, signed))) {
      return true;
    }
  }
  return false;
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

function bytes(hex: string): Uint8Array<ArrayBuffer> {
  if (!/^(?:[0-9a-f]{2})*$/i.test(hex)) {
    return new Uint8Array();
  }
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}
