# SPDX-License-Identifier: Apache-2.0
"""Asks a real hub everything that its own description says it can be asked, and much that it does not say.

`make test-api` runs it: schemathesis over `/api/openapi.json`, signed in as administrator and as supervisor,
each at a hub of its own. Fails when an answer was a server error, when fewer cases than asked for were tried,
or when somebody was signed out on the way, because everything after that is only refused.
Needs `WATCHPOST_BIN`, the folder of the built programs; `API_CASES` for another number than 20,000.
"""
import http.client
import json
import os
import re
import ssl
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

CASES = int(os.environ.get("API_CASES", "20000"))
# A role's cases for each example asked for, as counted on this API; a tenth more is asked for.
PER_EXAMPLE = 42
PASSWORD = "a password for one run"
HUB = str(Path(os.environ["WATCHPOST_BIN"]) / "watchpost-hub")
# Would sign this run out, or never end.
LEFT_OUT = ["/api/stream", "/api/session"]
# May shut the account that asks, or end its session: asked last, by themselves.
LAST = ["/api/users", "/api/users/{id}"]
ROLES = {"admin": "administrator", "super": "supervisor"}


class Hub:
    """A hub of its own on ports that the system chose, with one account."""

    def __init__(self, folder, name):
        config = Path(folder) / "hub.conf"
        config.write_text(
            f"folder = {folder}/hub\nnames = localhost\naddress = 127.0.0.1\nconsole = 0\nsync = 0\n")
        words = [HUB, "--config", config, "--user", name, "--role", ROLES[name], "--officer", "P1042"]
        subprocess.run(words, input=PASSWORD + "\n", text=True, check=True)
        self.process = subprocess.Popen(
            [HUB, "--config", config], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.port = int(re.search(r":(\d+)/", self.process.stdout.readline()).group(1))
        self.authority = f"{folder}/hub/authority/authority.pem"

    def ask(self, method, headers, body=None):
        """One question about the session; what it says, and the cookie it sets."""
        trusted = ssl.create_default_context(cafile=self.authority)
        line = http.client.HTTPSConnection("localhost", self.port, context=trusted)
        line.request(method, "/api/session", body, headers)
        answer = line.getresponse()
        cookies = [one.split(";")[0] for one in answer.headers.get_all("set-cookie", [])]
        return json.loads(answer.read()), next((one for one in cookies if not one.endswith("=")), "")

    def sign_in(self, name):
        """The cookie and the token, as a browser gets them."""
        first, cookie = self.ask("GET", {})
        headers = {"cookie": cookie, "x-watchpost-token": first["token"], "content-type": "application/json"}
        said, cookie = self.ask("POST", headers, json.dumps({"name": name, "password": PASSWORD}))
        if "token" not in said:
            raise AssertionError(f"{name} cannot sign in: {said}")
        return cookie, said["token"]

    def end(self):
        self.process.terminate()
        self.process.wait()


def schemathesis(hub, cookie, token, examples, *where):
    """How many cases were tried, and what it complained of."""
    done = subprocess.run([
        Path(sys.executable).parent / "schemathesis", "run", f"https://localhost:{hub.port}/api/openapi.json",
        "--tls-verify", hub.authority, "-H", f"Cookie: {cookie}", "-H", f"X-Watchpost-Token: {token}",
        "--checks", "not_a_server_error", "--phases", "coverage,fuzzing", "--max-examples", str(examples),
        "--continue-on-failure", "--suppress-health-check", "all", "--workers", "1", "--warnings", "off",
        "--request-timeout", "20", "--seed", "1", *where], capture_output=True, text=True)
    counted = re.search(r"([\d,]+) generated", done.stdout)
    complaint = done.stdout[-6_000:] + done.stderr[-2_000:] if done.returncode != 0 else ""
    return int(counted.group(1).replace(",", "")) if counted else 0, complaint


def fuzz(name):
    """Everything as one role; how many cases, and what went wrong."""
    examples = max(1, CASES * 11 // 10 // len(ROLES) // PER_EXAMPLE)
    with tempfile.TemporaryDirectory() as folder:
        hub = Hub(folder, name)
        try:
            cookie, token = hub.sign_in(name)
            left = [word for path in LEFT_OUT + LAST for word in ("--exclude-path", path)]
            count, complaint = schemathesis(hub, cookie, token, examples, *left)
            if not complaint and hub.ask("GET", {"cookie": cookie})[0]["user"] is None:
                complaint = "it was signed out on the way: the rest was refused unlooked at"
            only = [word for path in LAST for word in ("--include-path", path)]
            more, again = schemathesis(hub, cookie, token, examples, *only)
            if hub.process.poll() is not None:
                complaint += f"\nthe hub ended: {hub.process.returncode}"
        finally:
            hub.end()
    return count + more, complaint + again


def main():
    with ThreadPoolExecutor(len(ROLES)) as pool:
        outcomes = dict(zip(ROLES, pool.map(fuzz, ROLES)))
    for name, (count, complaint) in outcomes.items():
        print(f"{name}: {count} cases, {'see below' if complaint else '0 server errors'}")
        if complaint:
            print(complaint)
    total = sum(count for count, _ in outcomes.values())
    if any(complaint for _, complaint in outcomes.values()):
        sys.exit("schemathesis found something, see above")
    print(f"{total} cases, 0 server errors, the hubs live")
    if total < CASES:
        sys.exit(f"fewer than {CASES} cases")


if __name__ == "__main__":
    main()
