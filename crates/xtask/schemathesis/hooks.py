"""What Schemathesis has to know of Conexão: who calls, which records exist,
and that nobody gets an answer without the permission the document names."""

import itertools
import os

import requests
import schemathesis

BASE = os.environ["SCHEMA_BASE"]
EMAIL = os.environ.get("SCHEMA_EMAIL")
PASSWORD = os.environ.get("SCHEMA_PASSWORD")
# The log-in of this run comes from a place of its own, for the guesses that
# are made during the runs make their own address wait.
PLACE = os.environ.get("SCHEMA_PLACE", "198.51.100.1")

# Records whose change would end or disarm the log-in that makes the calls.
LEFT_ALONE = {"me", "users", "roles", "auth", "unsubscribe", "audit"}


def log_in():
    if not EMAIL:
        return None, set()
    answer = requests.post(
        f"{BASE}/auth/login",
        json={"email": EMAIL, "password": PASSWORD},
        headers={"X-Forwarded-For": PLACE},
        timeout=20,
    )
    answer.raise_for_status()
    body = answer.json()
    return body["access_token"], set(body["me"]["permissions"])


TOKEN, PERMISSIONS = log_in()
HEADERS = {"Authorization": f"Bearer {TOKEN}"} if TOKEN else {}
TURN = itertools.count()


@schemathesis.hook
def before_call(context, case, kwargs):
    """Every other call is about a record there is, so that more than "not found" is seen."""
    case.headers = {**(case.headers or {}), **HEADERS}
    collection = case.path.removeprefix("/api/v1").strip("/").split("/")[0]
    wanted = "{id}" in case.path and collection not in LEFT_ALONE
    if not wanted or not TOKEN or next(TURN) % 2:
        return
    answer = requests.get(f"{BASE}/{collection}", headers=HEADERS, timeout=20)
    items = answer.json().get("items") if answer.ok else None
    if not items:
        return
    item = items[next(TURN) % len(items)]
    if "id" in item:
        case.path_parameters = {**(case.path_parameters or {}), "id": item["id"]}
    if "version" in item and "If-Match" in case.headers:
        case.headers["If-Match"] = f'"{item["version"]}"'


@schemathesis.check
def needs_permission(ctx, response, case):
    """No success without the permission that the document names; none at all for strangers."""
    definition = case.operation.definition.raw
    done = response.status_code < 300
    if not TOKEN and definition.get("security") != []:
        assert not done, f"answered {response.status_code} to somebody who did not log in"
    permission = definition.get("x-permission")
    if TOKEN and permission:
        assert not done or permission in PERMISSIONS, f"answered without {permission}"
