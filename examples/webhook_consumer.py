#!/usr/bin/env python3
"""Receives webhooks of Conexão: believes only what is signed, and does what
arrives twice once. Needs nothing but Python 3.

    CONEXAO_WEBHOOK_SECRET=whsec_… python3 webhook_consumer.py 127.0.0.1 8099

The headers are those of "Standard Webhooks": webhook-id, webhook-timestamp and
webhook-signature, with one "v1,<base64>" for each secret that is good.
"""

import base64
import hashlib
import hmac
import json
import os
import sys
import time
from http.server import BaseHTTPRequestHandler, HTTPServer

TOLERANCE = 300  # seconds
MOST = 1_048_576  # bytes


def is_genuine(secret, message_id, timestamp, signatures, body, now):
    """Whether the message was signed with the secret, and lately."""
    if not secret or not timestamp.isdigit() or abs(now - int(timestamp)) > TOLERANCE:
        return False
    signed = message_id.encode() + b"." + timestamp.encode() + b"." + body
    expected = base64.b64encode(hmac.new(secret.encode(), signed, hashlib.sha256).digest()).decode()
    # Compared in constant time, with each signature there is.
    given = [one[3:] for one in signatures.split(" ") if one.startswith("v1,")]
    return any(hmac.compare_digest(one.encode(), expected.encode()) for one in given)


class Receiver(BaseHTTPRequestHandler):
    secret = os.environ.get("CONEXAO_WEBHOOK_SECRET", "")
    seen = set()

    def do_POST(self):
        length = min(int(self.headers.get("Content-Length") or 0), MOST)
        body = self.rfile.read(length)
        header = lambda name: self.headers.get(name, "")
        message_id = header("webhook-id")
        genuine = is_genuine(
            self.secret, message_id, header("webhook-timestamp"), header("webhook-signature"), body, time.time()
        )
        if not genuine:
            return self.answer(401)
        try:
            event = json.loads(body)
        except ValueError:
            return self.answer(400)
        # Delivery is at least once, under the same id.
        if message_id not in self.seen:
            self.seen.add(message_id)
            print(message_id, event["type"], flush=True)
        self.answer(204)

    def answer(self, status):
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


if __name__ == "__main__":
    if not Receiver.secret:
        sys.exit("Put the webhook's secret into CONEXAO_WEBHOOK_SECRET.")
    host = sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1"
    port = int(sys.argv[2]) if len(sys.argv) > 2 else 8099
    server = HTTPServer((host, port), Receiver)
    print("listening on", server.server_port, flush=True)
    server.serve_forever()
