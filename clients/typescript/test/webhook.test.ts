import assert from "node:assert/strict";
import { test } from "node:test";

import { verifyWebhook, type WebhookHeaders } from "../src/index.js";

const now = 1_700_000_000;
const body = '{"a":1}';
// As Python's hmac module says; the server's own test has the same.
const signature = "v1,SB/NOcmBpC3LPYpmBCNlugSigKj0iugHBT90YTROLH4=";
const headers = { "webhook-id": "msg_1", "webhook-timestamp": `${now}`, "webhook-signature": signature };

test("believes what was signed with one of the secrets", async () => {
  const secret = "whsec_1_abc";
  assert.equal(await verifyWebhook(secret, headers, body, { now }), true);
  assert.equal(await verifyWebhook(["other", secret], new Headers(headers), new TextEncoder().encode(body), { now }), true);
  const two = { ...headers, "webhook-signature": `v1,AAAA ${signature}` };
  assert.equal(await verifyWebhook(secret, two, body, { now: now + 300 }), true);
});

test("believes nothing else", async () => {
  const but = (name: string, value: string | undefined): WebhookHeaders => ({ ...headers, [name]: value });
  const refused: [string | string[], WebhookHeaders, string, number][] = [
    ["other", headers, body, now],
    ["whsec_1_abc", headers, '{"a":2}', now],
    ["whsec_1_abc", headers, body, now + 301],
    ["whsec_1_abc", headers, body, now - 301],
    ["whsec_1_abc", but("webhook-id", "msg_2"), body, now],
    ["whsec_1_abc", but("webhook-id", undefined), body, now],
    ["whsec_1_abc", but("webhook-timestamp", `${now + 1}`), body, now],
    ["whsec_1_abc", but("webhook-timestamp", "soon"), body, now],
    ["whsec_1_abc", but("webhook-signature", signature.replace("SB", "SC")), body, now],
    ["whsec_1_abc", but("webhook-signature", signature.slice(3)), body, now],
    ["whsec_1_abc", but("webhook-signature", "v1,%"), body, now],
    ["", headers, body, now],
    [[], headers, body, now],
  ];
  for (const [secrets, given, content, at] of refused) {
    assert.equal(await verifyWebhook(secrets, given, content, { now: at }), false, JSON.stringify([secrets, given, at]));
  }
});
