# SPDX-License-Identifier: Apache-2.0
"""A post with the hub gone: its own panel, officers from the signed bundle, a press on a simulated button.

    press ─> cell's alarm process ═ LAN ═> post's alarm process ─ socket ─> watchpost-panel ─> this Chromium
    acknowledge (nobody logged in), PIN, attend, clear ─> the same way back; duty from the post's journal

The hub is killed before anything is pressed. Skipped where the programs were not built."""
import os
import signal
import threading
import time
import unittest
import urllib.error
import urllib.request
from pathlib import Path

from browser import Browser
from selenium.common.exceptions import WebDriverException
from test_demo import PROGRAMS, Demonstration


def processes_of(demo):
    """{name of the program: [process]} of the children of the demonstration."""
    found = {}
    for entry in Path("/proc").iterdir():
        try:
            parent = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
            if parent == demo.pid:
                name = Path(os.readlink(entry / "exe")).name
                found.setdefault(name, []).append(int(entry.name))
        except (OSError, ValueError, IndexError):
            continue
    return found


class Gone(threading.Thread):
    """Kills the hub of a demonstration, and every one that is started in its place, until `end`."""

    def __init__(self, demo):
        super().__init__(daemon=True)
        self.demo, self.ended, self.first = demo, threading.Event(), threading.Event()
        self.start()
        assert self.first.wait(10), "there was no hub"

    def run(self):
        while not self.ended.wait(0.1):
            for pid in processes_of(self.demo).get("watchpost-hub", []):
                os.kill(pid, signal.SIGKILL)
                self.first.set()

    def end(self):
        self.ended.set()
        self.join()


@unittest.skipUnless(
    all((PROGRAMS / name).exists() for name in ["watchpost-hub", "watchpost-sync", "watchpost-panel"]),
    f"no watchpost-panel in {PROGRAMS}: swift build first")
class Panel(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.demo = Demonstration()
        cls.panel = cls.demo.panels["post-a"]
        cls.hub = Gone(cls.demo)
        cls.page = Browser(1024, 600)

    @classmethod
    def tearDownClass(cls):
        cls.page.end()
        cls.hub.end()
        cls.demo.end()

    def enter(self, pin):
        self.page.see("dialog .keys")
        for box, text in [("officer", self.panel.officer), ("pin", pin)]:
            self.page.type(f"dialog input[name={box}]", text)
        self.page.press("dialog .primary")

    def test_1_alarm_isAnsweredAtThePost_withTheHubStopped(self):
        page, demo = self.page, self.demo
        page.open(self.panel.address)
        page.see(".tile[data-terminal=cell-101][data-proof=alive]")
        started = time.monotonic()
        demo.press("cell-101")
        page.see(".card[data-class=emergency]")
        took = (time.monotonic() - started) * 1000
        print(f"press to card at the post: {took:.0f} ms, of it 120 ms the finger")
        page.picture("panel-alarm-zh")
        # Nobody has logged in: the post itself acknowledges.
        page.press(".deed.acknowledge")
        page.see(".card[data-phase=acknowledged]")
        page.press(".deed.clear")
        self.enter("0000")
        page.see("dialog .refusal", "警号或口令不正确")
        self.enter(demo.pin)
        page.see(".card .refusal", "到监室门口")
        page.press("button.language")
        page.press(".deed.clear")
        page.see(".card .refusal", "only after attendance")
        page.picture("panel-refused-en")
        # The cell has a line at its door: only that proves attendance.
        page.press(".deed.attend")
        page.see(".card .refusal", "at the door")
        demo.press("cell-101", "door")
        page.see(".card[data-phase=attended]")
        page.press(".deed.clear")
        page.see(".allquiet")

    def test_2_dutyRecord_isRead_withTheHubStopped(self):
        page = self.page
        page.press("#bar .menu")
        page.press("dialog .choice", "Duty record")
        page.see("main table td", self.panel.officer)
        page.picture("panel-duty-en")
        page.press("button.language")
        page.see("main h2", "值勤记录")
        page.see("main table td", self.panel.officer)
        page.press("#bar .menu")
        self.assertFalse([one for one in page.all("dialog .choice") if one.text in ("设备状态", "用户")])
        page.press("dialog .choice", "报警记录")
        page.press("main table tbody tr")
        page.see("dialog .entries li", "解除")
        page.picture("panel-story-zh")
        self.assertEqual(page.complaints, [])

    def test_3_panel_refusesWhatItDoesNotName(self):
        def status(path, **headers):
            try:
                request = urllib.request.Request(self.panel.address + path, headers=headers)
                with urllib.request.urlopen(request) as answer:
                    return answer.status
            except urllib.error.HTTPError as refused:
                return refused.code
        self.assertEqual(status("/api/wall"), 200)
        self.assertEqual(status("/api/duty?month=2026-11"), 401)
        self.assertEqual(status("/api/alarms"), 401)
        self.assertEqual(status("/api/users"), 404)
        self.assertEqual(status("/v1/events"), 404)
        self.assertEqual(status("/api/wall", Host="evil.example"), 403)

    def test_4_wrongPins_lockTheNumber(self):
        page = self.page
        page.driver.delete_all_cookies()
        page.open("about:blank")
        page.open(self.panel.address)
        page.see(".tile")
        page.press("#bar .person")
        page.see("dialog .keys")
        for box, text in [("officer", self.panel.officer), ("pin", "1111")]:
            page.type(f"dialog input[name={box}]", text)
        for _ in range(5):
            page.press("dialog .primary")
            page.see("dialog .refusal", "不正确")
            page.until(lambda _: page.all("dialog .primary")[0].is_enabled(), "answered")
        page.press("dialog .primary")
        page.see("dialog .refusal", "次数过多")
        self.assertEqual(page.complaints, [])

    def test_5_whatWasDoneHere_isInTheHubsDutyRecord_onceTheHubIsBack(self):
        self.hub.end()
        demo, page = self.demo, Browser(believes_all=True)
        self.addCleanup(page.end)
        # The rest of a journal is tried again within a minute.
        end = time.monotonic() + 90
        while time.monotonic() < end:
            try:
                page.open(demo.address)
                break
            except WebDriverException:
                time.sleep(0.2)
        page.type("input[name=name]", demo.user)
        page.type("input[name=password]", demo.password)
        page.press("form.login .primary")
        page.see(".tile[data-terminal=cell-101][data-proof=alive]")
        asked = """return fetch(`/api/duty/acts?month=${new Date().toISOString().slice(0, 7)}`)
            .then((answer) => answer.json()).then(({ acts }) => acts)"""
        acts = []
        while time.monotonic() < end and not any(one["what"] == "view.alarms" for one in acts):
            time.sleep(0.5)
            acts = page.run(asked)
        did = {(one["who"], one["what"], one["outcome"]) for one in acts}
        officer = self.panel.officer
        self.assertLessEqual({
            ("post-a", "alarm.acknowledge", "done"), (officer, "alarm.clear", "notAttended"),
            (officer, "alarm.clear", "done"), (officer, "view.duty", "done")}, did)
        page.press("#bar .menu")
        page.press("dialog .choice", "值勤记录")
        page.see("main tr", "紧急报警须民警到监室门口")
        page.see("main tr", "确认报警：一监区101室")
        page.picture("hub-acts-zh")
        page.press("button.language")
        page.see("main tr", "Acknowledge: 一监区101室")
        page.picture("hub-acts-en")
        self.assertEqual(page.complaints, [])


if __name__ == "__main__":
    unittest.main()
