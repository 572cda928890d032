# SPDX-License-Identifier: Apache-2.0
"""The real thing: `watchpost demo` with its hub, a press on a simulated button, an officer at the console.

    press ─> cell's alarm process ─> journal ─> watchpost-sync ─> watchpost-hub ─> events ─> this Chromium
    acknowledge, attend, clear ─> hub ─> order ─> watchpost-sync ─> alarm process ─> journal ─> … ─> the card

Skipped where the programs were not built (`WATCHPOST_BIN`: their folder)."""
import os
import pty
import re
import select
import signal
import subprocess
import tempfile
import time
import unittest
from collections import namedtuple
from pathlib import Path

from browser import Browser

PROGRAMS = Path(os.environ.get("WATCHPOST_BIN", Path(__file__).parents[2] / ".build/debug")).resolve()
STARTS_WITHIN_S = 60
POSTS = 2
Panel = namedtuple("Panel", "address officer")


class Demonstration:
    """A running `watchpost demo`, with a terminal of its own."""

    def __init__(self):
        self.home = tempfile.TemporaryDirectory()
        self.pid, self.terminal = pty.fork()
        if self.pid == 0:
            os.environ.update(XDG_RUNTIME_DIR=self.home.name, TMPDIR=self.home.name)
            os.execv(PROGRAMS / "watchpost", ["watchpost", "demo", "--lang", "en"])
        self.address, self.user, self.password = self.read_login()

    def read_login(self):
        said, end = "", time.monotonic() + STARTS_WITHIN_S
        while time.monotonic() < end:
            if select.select([self.terminal], [], [], 0.2)[0]:
                try:
                    said += os.read(self.terminal, 65536).decode(errors="replace")
                except OSError:
                    break
            found = re.search(r"Console: (https://\S+) user (\S+) password (\S+)", said)
            panels = re.findall(r"Panel of (\S+): (http://\S+) officer (\S+) PIN (\S+)\s", said)
            if found and (len(panels) == POSTS or not (PROGRAMS / "watchpost-panel").exists()):
                self.panels = {post: Panel(address, officer) for post, address, officer, _ in panels}
                self.pin = panels[0][3] if panels else None
                return found.groups()
        self.end()
        raise AssertionError(f"the demo told no console: {said[-2000:]}")

    def drain(self):
        while select.select([self.terminal], [], [], 0)[0]:
            try:
                os.read(self.terminal, 65536)
            except OSError:
                return

    def press(self, terminal, line="button"):
        environment = dict(os.environ, XDG_RUNTIME_DIR=self.home.name)
        words = ["press", "--terminal", terminal, "--line", line, "--hold-ms", "120"]
        subprocess.run([PROGRAMS / "watchpost", *words],
                       check=True, env=environment, capture_output=True)
        self.drain()

    def end(self):
        try:
            os.kill(self.pid, signal.SIGTERM)
            # Without a reader it would wait for ever to write its last words.
            os.close(self.terminal)
            os.waitpid(self.pid, 0)
        except OSError:
            pass
        self.home.cleanup()


@unittest.skipUnless((PROGRAMS / "watchpost-hub").exists() and (PROGRAMS / "watchpost-sync").exists(),
                     f"no watchpost-hub in {PROGRAMS}: swift build first")
class RealHub(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        began = time.monotonic()
        cls.demo = Demonstration()
        print(f"demo: console and panels ready after {time.monotonic() - began:.1f} s")
        cls.page = Browser(believes_all=True)

    @classmethod
    def tearDownClass(cls):
        cls.page.end()
        cls.demo.end()

    def test_alarm_isSeenAnsweredAttendedCleared_throughTheWholeSystem(self):
        page, demo = self.page, self.demo
        page.open(demo.address)
        page.type("input[name=name]", demo.user)
        page.type("input[name=password]", demo.password)
        page.press("form.login .primary")
        page.see(".tile[data-terminal=cell-101]")
        page.see(".tile[data-terminal=cell-101][data-proof=alive]")
        page.picture("hub-quiet-zh")
        started = time.monotonic()
        demo.press("cell-101")
        page.see(".card[data-class=emergency]")
        print(f"press to card: {(time.monotonic() - started) * 1000:.0f} ms, of it 120 ms the finger")
        page.picture("hub-alarm-zh")
        page.press(".deed.acknowledge")
        page.see(".card[data-phase=acknowledged]")
        page.press(".deed.clear")
        page.see(".card .refusal")
        page.press("button.language")
        page.press(".deed.clear")
        page.see(".card .refusal", "only after attendance")
        page.picture("hub-refused-en")
        # The cell has a line at its door: only that proves attendance.
        page.press(".deed.attend")
        page.see(".card .refusal", "at the door")
        demo.press("cell-101", "door")
        page.see(".card[data-phase=attended]")
        page.press(".deed.clear")
        page.see(".allquiet")
        self.read_duty(page)
        self.assertEqual(page.complaints, [])

    def read_duty(self, page):
        """What was just done stands in the record, in both languages: acknowledged and cleared by the
        officer; the key at the door has no name."""
        for language, word, title, day in [("en", "Duty record", "Duty record", "Per day"),
                                           ("zh", "值勤记录", "值勤记录", "每日")]:
            page.press("#bar .menu")
            page.press("dialog .choice", word)
            page.see("main h2", title)
            row = page.see("main table tbody tr", "P1042")
            cells = [one.text for one in row.find_elements("css selector", "td")]
            self.assertEqual(cells[2:5], ["1", "0", "1"])
            row.click()
            page.see("main h3", day)
            page.see("main h3", "At the posts" if language == "en" else "岗位操作")
            page.picture(f"hub-duty-{language}")
            page.press("button.language")


if __name__ == "__main__":
    unittest.main()
