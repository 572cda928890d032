# SPDX-License-Identifier: Apache-2.0
"""What comes down from the hub, through real processes: killed while it comes, and officers that change."""
import hashlib
import json
import os
import random
import signal
import subprocess
import time
import unittest
import urllib.error
import urllib.request
from http.cookiejar import CookieJar
from pathlib import Path

from test_demo import PROGRAMS, Demonstration
from test_panel import processes_of

SIZE = 24 * 1024 * 1024
ARRIVES_WITHIN_S = 90


def eventually(look, within_s=ARRIVES_WITHIN_S):
    end = time.monotonic() + within_s
    while time.monotonic() < end:
        found = look()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError("not seen in time")


@unittest.skipUnless((PROGRAMS / "watchpost-panel").exists(), f"no watchpost-panel in {PROGRAMS}")
class Bundles(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.demo = Demonstration()
        hub = processes_of(cls.demo)["watchpost-hub"][0]
        words = Path(f"/proc/{hub}/cmdline").read_text().split("\0")
        cls.config = Path(words[words.index("--config") + 1])
        cls.home = cls.config.parents[1]

    @classmethod
    def tearDownClass(cls):
        cls.demo.end()

    def tell(self, *words, text=""):
        command = [PROGRAMS / "watchpost-hub", "--config", self.config, *words]
        return subprocess.run(command, input=text, text=True,
                              check=True, capture_output=True).stdout

    def in_force(self, terminal, kind):
        folder = self.home / f"identity-{terminal}" / "bundles"
        try:
            manifest = json.loads((folder / f"{kind}.json").read_text())
            return manifest, folder / "objects" / manifest["sha256"]
        except (OSError, ValueError):
            return None

    def test_bundle_comesWhole_whileItsProcessIsKilled(self):
        file = self.home / "rules.bin"
        content = random.Random(1).randbytes(SIZE)
        file.write_bytes(content)
        digest = hashlib.sha256(content).hexdigest()
        self.assertIn(digest, self.tell("--publish", "rules", str(file)))
        dice, kills, resumed = random.Random(2), 0, 0
        parts = lambda: list(self.home.glob(f"identity-*/bundles/objects/{digest}.part"))
        eventually(parts, 30)
        while kills < 60 and parts():
            sizes = {part: part.stat().st_size for part in parts()}
            for pid in processes_of(self.demo).get("watchpost-sync", []):
                os.kill(pid, signal.SIGKILL)
                kills += 1
            resumed += any(size > 0 for size in sizes.values())
            time.sleep(dice.uniform(0.3, 1.2))
        for terminal in ["cell-101", "cell-102", "post-a", "post-b"]:
            manifest, held = eventually(lambda: self.in_force(terminal, "rules"))
            self.assertEqual(hashlib.sha256(held.read_bytes()).hexdigest(), digest)
            self.assertEqual(manifest["sha256"], digest)
        self.assertEqual(parts(), [])
        print(f"{kills} kills while {SIZE >> 20} MB came to 4 terminals; found begun {resumed} times")
        self.assertGreater(resumed, 0)

    def test_officer_signsInWithTheNewPin_onceItCameDown(self):
        panel = self.demo.panels["post-a"].address
        before, _ = eventually(lambda: self.in_force("post-a", "people"))
        self.tell("--user", self.demo.user, "--role", "supervisor", "--officer", "P1042",
                  text=f"{self.demo.password}\n7391\n")
        eventually(lambda: self.in_force("post-a", "people")[0]["version"] > before["version"])

        def enter(pin):
            visitor = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
            with visitor.open(f"{panel}/api/session") as answer:
                token = json.load(answer)["token"]
            asked = urllib.request.Request(
                f"{panel}/api/session", json.dumps({"officer": "P1042", "pin": pin}).encode(),
                {"content-type": "application/json", "x-watchpost-token": token})
            try:
                with visitor.open(asked) as answer:
                    return json.load(answer)["user"]["name"]
            except urllib.error.HTTPError as refused:
                return refused.code
        self.assertEqual(eventually(lambda: (enter("7391") == "王建国") or time.sleep(1), 10), True)
        self.assertEqual(enter(self.demo.pin), 401)
        self.assertIsNone(self.in_force("cell-101", "people"))


if __name__ == "__main__":
    unittest.main()
