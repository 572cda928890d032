# SPDX-License-Identifier: Apache-2.0
"""A call of the demo, from the button to the ear of whoever reviews it:

    press ─> post answers ─> both speak ─> watchpost-sound records and seals ─> watchpost-sync
    ─> watchpost-hub ─> the page "Calls" ─> this Chromium plays it

What was downloaded, `watchpost verify` holds against its seal.
"""
import base64
import json
import os
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

from browser import Browser
from test_demo import PROGRAMS, Demonstration

SECONDS = 6
FETCH = """
const [path, done] = arguments;
fetch(path).then((answer) => answer.arrayBuffer())
    .then((bytes) => done(btoa(String.fromCharCode(...new Uint8Array(bytes)))));"""


@unittest.skipUnless(all((PROGRAMS / f"watchpost-{one}").exists() for one in ("hub", "sync", "sound")),
                     f"no watchpost-hub, -sync and -sound in {PROGRAMS}: swift build first")
class Calls(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.demo = Demonstration()
        cls.page = Browser(believes_all=True)
        cls.talk(cls.demo)

    @classmethod
    def tearDownClass(cls):
        cls.page.end()
        cls.demo.end()

    @classmethod
    def tool(cls, *words):
        environment = dict(os.environ, XDG_RUNTIME_DIR=cls.demo.home.name)
        return subprocess.run(
            [PROGRAMS / "watchpost", *words], env=environment, capture_output=True, text=True)

    @classmethod
    def phases(cls, terminal):
        said = cls.tool("calls", "--terminal", terminal, "--json").stdout
        return [json.loads(line)["phase"] for line in said.splitlines()]

    @classmethod
    def wait(cls, condition, what):
        end = time.monotonic() + 60
        while time.monotonic() < end:
            if condition():
                return
            time.sleep(0.2)
        raise AssertionError(what)

    @classmethod
    def talk(cls, demo):
        """A cell calls, its post answers, some seconds, hung up."""
        demo.press("cell-101")
        cls.wait(lambda: "ringing" in cls.phases("post-a"), "the post rings")
        cls.tool("answer", "--terminal", "post-a", "--officer", "P1042")
        cls.wait(lambda: "talking" in cls.phases("cell-101"), "they talk")
        time.sleep(SECONDS)
        cls.tool("hangup", "--terminal", "post-a", "--officer", "P1042")
        cls.wait(lambda: "talking" not in cls.phases("cell-101"), "hung up")

    def sign_in(self):
        page, demo = self.page, self.demo
        page.open(demo.address)
        page.type("input[name=name]", demo.user)
        page.type("input[name=password]", demo.password)
        page.press("form.login .primary")
        page.see(".tile[data-terminal=cell-101]")

    def test_1_recording_isListed_andPlays(self):
        page = self.page
        self.sign_in()
        page.press("#bar .menu")
        page.press("dialog .choice", "通话")
        page.see("main h2", "通话")

        def stored(_):
            page.press("#bar .menu")
            page.press("dialog .choice", "通话")
            return any("●" in row.text for row in page.all("main tbody tr"))
        page.until(stored, "the recording reached the hub")
        row = page.see("main tbody tr", "●")
        self.assertIn("紧急报警", row.text)
        page.picture("calls-zh")
        row.click()
        page.see("dialog .recording p", "●")
        page.run("document.querySelector('dialog audio').play()")
        page.until(lambda _: page.run("return document.querySelector('dialog audio').currentTime") > 1.5,
                   "a second and a half of it was played")
        length = page.run("return document.querySelector('dialog audio').duration")
        self.assertGreater(length, SECONDS - 2)
        self.assertIsNone(page.run("return document.querySelector('dialog audio').error"))
        print(f"the recording of a call of {SECONDS} s plays, {length:.1f} s long")
        page.picture("call-recording-zh")
        self.assertEqual(page.complaints, [])

    def test_2_downloaded_itVerifies_andNotWithOneBitChanged(self):
        page = self.page
        path = page.run("return new URL(document.querySelector('dialog audio').src).pathname")
        name = page.run("return document.querySelector('dialog .recording a').href")
        self.assertTrue(name.endswith(".opus"))
        page.driver.set_script_timeout(20)
        recording, seal = (base64.b64decode(page.driver.execute_async_script(FETCH, path + ending))
                           for ending in (".opus", ".seal"))
        call = seal.split(b"\n")[0].split(b" ")[2].decode()
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / f"{call}.opus"
            file.write_bytes(recording)
            Path(f"{file}.seal").write_bytes(seal)
            said = self.tool("verify", str(file), "--json")
            self.assertEqual(said.returncode, 0, said.stderr)
            self.assertEqual(json.loads(said.stdout)["ending"], "end")
            changed = bytearray(recording)
            changed[len(changed) // 2] ^= 1
            file.write_bytes(changed)
            said = self.tool("verify", str(file), "--lang", "en")
            self.assertEqual(said.returncode, 1)
            self.assertRegex(said.stderr, r"Not as it was recorded from 0:0\d\.\d on: the sound was changed")

    def test_3_alarmsTimeline_hasItsCall(self):
        page = self.page
        page.press("dialog button.cross")
        page.press("#bar .menu")
        page.press("dialog .choice", "实况")
        page.press(".card[data-class=emergency] footer button")
        page.see(".card .entries li.call", "●")
        page.picture("card-call-zh")
        self.assertEqual(page.complaints, [])


if __name__ == "__main__":
    unittest.main()
