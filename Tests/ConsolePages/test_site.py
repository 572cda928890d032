# SPDX-License-Identifier: Apache-2.0
"""A site that the hub sends, through real processes: published, brought down, switched, taken at a start.

    site.yaml ─ watchpost apply ─> file ─ watchpost-hub --publish site ─> watchpost-sync ─> bundles/site.db
    watchpost-alarm and watchpost-panel, started anew ─> in force; what was applied here stays the last good
"""
import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import unittest
import urllib.request
from pathlib import Path

from test_bundles import eventually
from test_demo import PROGRAMS, Demonstration
from test_panel import processes_of

BOARDS = Path(__file__).resolve().parents[2] / "board-configs"


@unittest.skipUnless((PROGRAMS / "watchpost-panel").exists(), f"no watchpost-panel in {PROGRAMS}")
class Site(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.demo = Demonstration()
        hub = processes_of(cls.demo)["watchpost-hub"][0]
        words = Path(f"/proc/{hub}/cmdline").read_text().split("\0")
        cls.config = words[words.index("--config") + 1]
        cls.home = Path(cls.config).parents[1]

    @classmethod
    def tearDownClass(cls):
        cls.demo.end()

    def written(self, name, **replaced):
        """The demonstration's own site as people write it, with its keys and places, but for `replaced`."""
        text = (BOARDS / "demonstration-site.yaml").read_text()
        for file in sorted((self.home / "config").glob("*.db")):
            terminal = file.stem
            with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as table:
                port, key = table.execute(
                    "SELECT port, public_key FROM terminals WHERE id = ?", [terminal]).fetchone()
                paths = table.execute("SELECT key_path, journal_path, runtime_path FROM about").fetchone()
                sip, = table.execute("SELECT port FROM sound_ports WHERE terminal = ?", [terminal]).fetchone()
                page, = table.execute("SELECT port FROM page_ports WHERE terminal = ?", [terminal]).fetchone()
                room = table.execute("SELECT port, public_key FROM gateway").fetchone()
            text = self.placed(text, f"- id: {terminal}", f"127.0.0.1:{port}", key, sip=sip, page=page,
                               key=paths[0], journal=paths[1], runtime=paths[2])
        text = self.placed(text, "gateway:", f"127.0.0.1:{room[0]}", room[1])
        for old, new in replaced.values():
            self.assertIn(old, text)
            text = text.replace(old, new)
        folder = self.home / name
        folder.mkdir()
        for board in BOARDS.glob("simulated-*.yaml"):
            shutil.copy(board, folder)
        (folder / "site.yaml").write_text(text)
        return folder

    @staticmethod
    def placed(text, entry, address, public_key, **more):
        """The entry's address and what follows it up to its key, as the demonstration chose them."""
        lines = {"address": address, "public-key": public_key.hex(), **more}
        own = re.compile(rf"({entry}\n(?:    .*\n)*?)    address: .*\n(?:    (?:sip|page): .*\n)*    public-key: .*\n")
        return own.sub(
            lambda found: found[1] + "".join(f"    {name}: {value}\n" for name, value in lines.items()), text)

    def publish(self, folder, terminal, version):
        """Compiled and published; what the terminal then finds beside what was applied there."""
        compiled = folder / f"{terminal}.db"
        self.tell("watchpost", "apply", folder / "site.yaml", "--to", compiled, "--terminal", terminal,
                  "--version", str(version))
        self.tell("watchpost-hub", "--config", self.config, "--publish", "site", compiled)
        return self.home / f"identity-{terminal}" / "bundles" / "site.db"

    def tell(self, program, *words):
        done = subprocess.run([PROGRAMS / program, *words], text=True, capture_output=True)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def restart(self, program, terminal):
        """As watchpost-site.path does."""
        def running():
            return [pid for pid in processes_of(self.demo).get(program, [])
                    if f"{terminal}.db" in Path(f"/proc/{pid}/cmdline").read_text()]
        before = running()
        for pid in before:
            os.kill(pid, signal.SIGTERM)
        eventually(lambda: set(running()) - set(before), 20)

    def wall(self, post):
        try:
            with urllib.request.urlopen(self.demo.panels[post].address + "/api/wall") as answer:
                return json.load(answer)
        except OSError:
            return {"zones": [], "alarms": []}

    def titles(self, post):
        return {one["id"]: one["title"] for zone in self.wall(post)["zones"] for one in zone["terminals"]}

    def test_1_site_isInForce_afterTheNextStart(self):
        self.assertEqual(self.titles("post-a")["cell-101"], "一监区101室")
        renamed = self.written("renamed", title=("title: 一监区101室", "title: 一监区特管室"))
        eventually(self.publish(renamed, "post-a", 5).exists, 60)
        self.assertEqual(self.titles("post-a")["cell-101"], "一监区101室", "nothing moves before a start")
        self.restart("watchpost-panel", "post-a")
        eventually(lambda: self.titles("post-a").get("cell-101") == "一监区特管室", 20)

    def test_2_alarmProcess_ringsWhereTheNewSiteSays(self):
        turned = self.written("turned", rings=("rings: [[post-a], [post-b]]", "rings: [[post-b], [post-a]]"))
        eventually(self.publish(turned, "cell-101", 6).exists, 60)
        self.restart("watchpost-alarm", "cell-101")
        self.demo.press("cell-101")
        alarm = eventually(lambda: next(iter(self.wall("post-b")["alarms"]), None), 20)
        heard = [one for one in alarm["deeds"] if one["deed"] == "annunciated"]
        self.assertEqual([one["terminal"] for one in heard], ["post-b"])

    def test_3_site_isRefusedAndTold_whenItChangesTheMachine(self):
        moved = self.written("moved", journal=("cell-102/journal.db", "cell-102/elsewhere.db"))
        sent = self.publish(moved, "cell-102", 7)
        log = self.home / "log" / "sync-cell-102.log"
        eventually(lambda: "changes this terminal's own journal" in log.read_text(), 60)
        self.assertFalse(sent.exists())


if __name__ == "__main__":
    unittest.main()
