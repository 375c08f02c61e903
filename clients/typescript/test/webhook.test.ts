import assert from "node:assert/strict";
import { test } from "node:test";

import { verifyWebhook } from "../src/index.js";

const now = 1_700_000_000;
// As `printf '1700000000.{}' | openssl dgst -sha256 -hmac whsec_1` says; the server's own test has the same.
const header = `t=${now},v1=c8cf6ed9fd9120874a1792902ffdf5b69559118b76d10974da8a20cf21f94bc5`;

test("believes what was signed with one of the secrets", async () => {
  assert.equal(await verifyWebhook("whsec_1", header, "{}", { now }), true);
  assert.equal(await verifyWebhook(["whsec_0", "whsec_1"], header, new TextEncoder().encode("{}"), { now }), true);
  assert.equal(await verifyWebhook("whsec_1", `${header},v1=${"0".repeat(64)}`, "{}", { now }), true);
});

test("believes nothing else", async () => {
  const refused: [string | string[], string | null, string, number][] = [
    ["whsec_2", header, "{}", now],
    ["whsec_1", header, "{ }", now],
    ["whsec_1", header, "{}", now + 301],
    ["whsec_1", header, "{}", now - 301],
    ["whsec_1", header.replace("v1=c8", "v1=c9"), "{}", now],
    ["whsec_1", header.replace(`t=${now}`, "t=soon"), "{}", now],
    ["whsec_1", "v1=zz", "{}", now],
    ["whsec_1", null, "{}", now],
    ["", header, "{}", now],
    [[], header, "{}", now],
  ];
  for (const [secrets, signature, body, at] of refused) {
    assert.equal(await verifyWebhook(secrets, signature, body, { now: at }), false, `${signature} ${body}`);
  }
});
