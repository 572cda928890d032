# SPDX-License-Identifier: Apache-2.0
"""Asks a real hub everything that its own description says it can be asked, and much that it does not say.

`make test-api` runs it: schemathesis over `/api/openapi.json`, signed in as administrator, then as supervisor.
Fails when an answer was a server error, or when fewer cases than asked for were tried.
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
from pathlib import Path

CASES = int(os.environ.get("API_CASES", "20000"))
PASSWORD = "a password for one run"
HUB = str(Path(os.environ["WATCHPOST_BIN"]) / "watchpost-hub")
# Would sign this run out, or never end.
LEFT_OUT = ["--exclude-path", "/api/stream", "--exclude-path", "/api/session"]


def begin(folder):
    """A hub of its own on ports that the system chose; its process, and the console's address."""
    config = Path(folder) / "hub.conf"
    config.write_text(
        f"folder = {folder}/hub\nnames = localhost\naddress = 127.0.0.1\nconsole = 0\nsync = 0\n")
    for role in ["administrator", "supervisor"]:
        subprocess.run([HUB, "--config", config, "--user", role[:5], "--role", role, "--officer", "P1042"],
                       input=PASSWORD + "\n", text=True, check=True)
    hub = subprocess.Popen(
        [HUB, "--config", config], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    port = re.search(r":(\d+)/", hub.stdout.readline()).group(1)
    return hub, port


def sign_in(port, authority, name):
    """The cookie and the token, as a browser gets them."""
    trusted = ssl.create_default_context(cafile=authority)
    line = http.client.HTTPSConnection("localhost", int(port), context=trusted)

    def ask(method, headers, body=None):
        line.request(method, "/api/session", body, headers)
        answer = line.getresponse()
        cookies = [one.split(";")[0] for one in answer.headers.get_all("set-cookie", [])]
        return json.loads(answer.read()), next((one for one in cookies if not one.endswith("=")), "")

    first, cookie = ask("GET", {})
    said, cookie = ask("POST", {"cookie": cookie, "x-watchpost-token": first["token"],
                                "content-type": "application/json"},
                       json.dumps({"name": name, "password": PASSWORD}))
    return cookie, said["token"]


def fuzz(port, authority, name, examples, report):
    """How many cases were tried; ends this process when one of them broke the hub."""
    cookie, token = sign_in(port, authority, name)
    done = subprocess.run([
        Path(sys.executable).parent / "schemathesis", "run", f"https://localhost:{port}/api/openapi.json",
        "--tls-verify", authority, "-H", f"Cookie: {cookie}", "-H", f"X-Watchpost-Token: {token}",
        "--checks", "not_a_server_error", "--phases", "coverage,fuzzing", "--max-examples", str(examples),
        "--continue-on-failure", "--suppress-health-check", "all", "--workers", "2", "--warnings", "off",
        "--request-timeout", "20", "--seed", "1", *LEFT_OUT], capture_output=True, text=True)
    Path(report).write_text(done.stdout + done.stderr)
    counted = re.search(r"([\d,]+) generated", done.stdout)
    count = int(counted.group(1).replace(",", "")) if counted else 0
    if done.returncode != 0:
        print(done.stdout[-6_000:], done.stderr[-2_000:])
        sys.exit(f"{name}: schemathesis found something, see above")
    return count


def main():
    with tempfile.TemporaryDirectory() as folder:
        hub, port = begin(folder)
        authority = f"{folder}/hub/authority/authority.pem"
        try:
            total = 0
            for name in ["admin", "super"]:
                count = fuzz(port, authority, name, max(1, CASES // 70), f"{folder}/report")
                print(f"{name}: {count} cases, 0 server errors", flush=True)
                total += count
            if hub.poll() is not None:
                sys.exit(f"the hub ended: {hub.returncode}")
            print(f"{total} cases, 0 server errors, the hub lives")
            if total < CASES:
                sys.exit(f"fewer than {CASES} cases")
        finally:
            hub.terminate()
            hub.wait()


if __name__ == "__main__":
    main()
