# SPDX-License-Identifier: Apache-2.0
"""The officer speaks from the command room: this Chromium's microphone ─> WebSocket ─> hub ─> a gateway
that plays echo ─> hub ─> this Chromium's loudspeaker. Real hub, real Opus."""
import json
import os
import subprocess
import unittest
from pathlib import Path

from browser import Browser
from gateway import EchoGateway
from test_demo import PROGRAMS, Demonstration

# Every piece of sound that the page plays leaves its loudness here.
LISTEN = """
window.loudness = [];
const start = AudioBufferSourceNode.prototype.start;
AudioBufferSourceNode.prototype.start = function (...at) {
    const sound = this.buffer.getChannelData(0);
    window.loudness.push(Math.sqrt(sound.reduce((sum, one) => sum + one * one, 0) / sound.length));
    return start.apply(this, at);
};"""


@unittest.skipUnless((PROGRAMS / "watchpost-hub").exists() and (PROGRAMS / "watchpost-sync").exists(),
                     f"no watchpost-hub in {PROGRAMS}: swift build first")
class TalkFromTheCommandRoom(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.demo = Demonstration()
        place = next(Path(cls.demo.home.name).rglob("hub.conf")).parent.parent / "talk"
        # The demo's own gateway stands there.
        place.unlink(missing_ok=True)
        cls.gateway = EchoGateway(place)
        cls.page = Browser(believes_all=True, speaks=True)
        cls.page.open(cls.demo.address)
        cls.page.type("input[name=name]", cls.demo.user)
        cls.page.type("input[name=password]", cls.demo.password)
        cls.page.press("form.login .primary")
        cls.page.see(".tile[data-terminal=cell-101][data-proof=alive]")
        cls.page.run(LISTEN)

    @classmethod
    def tearDownClass(cls):
        cls.page.end()
        cls.gateway.end()
        cls.demo.end()

    def loud(self):
        return self.page.run("return window.loudness.filter((one) => one > 0.01).length")

    def hang_up(self):
        before = self.gateway.closed
        self.page.press("#talk button.end")
        self.page.until(lambda _: self.gateway.closed > before, "the gateway's line closed")
        self.page.see_none("#talk button.end")

    def test_answer_isOneTouch_andBothSidesHear(self):
        page, gateway = self.page, self.gateway
        self.demo.press("cell-101")
        page.press(".card[data-class=emergency] button.speak")
        page.see("#talk[data-state=talking][data-open] .figure", "90")
        self.assertEqual(gateway.requests[-1], ("answer", "cell-101", ""))
        page.until(lambda _: gateway.packets > 50, "a second of voice at the gateway")
        page.until(lambda _: self.loud() > 20, "the echo heard")
        page.picture("hub-talk-zh")
        page.press("#talk button.mute")
        page.until(lambda _: gateway.acts and gateway.acts[-1] == "mute", "muted")
        said = gateway.packets
        page.see("#talk[data-state=talking]:not([data-open])")
        page.press("#talk button.mute")
        page.until(lambda _: gateway.packets > said + 20, "voice again")
        self.hang_up()
        self.assertEqual(page.complaints, [])

    def test_opening_asksWhy_andListeningInForASecondPerson(self):
        page, gateway = self.page, self.gateway
        page.press(".tile[data-terminal=cell-102]")
        page.press("dialog button.speak")
        page.press("dialog button.primary")
        page.see("dialog .refusal", "理由")
        page.press("dialog .reason button", "异常响动")
        page.press("dialog summary")
        page.press("dialog button.listen")
        page.see("dialog .refusal", "另一名")
        page.picture("hub-listen-refused-zh")
        page.press("dialog button.primary")
        page.see("#talk[data-state=talking]")
        self.assertEqual(gateway.requests[-1], ("talk", "cell-102", "听到异常响动"))
        self.hang_up()


@unittest.skipUnless((PROGRAMS / "watchpost-hub").exists() and (PROGRAMS / "watchpost-sound").exists(),
                     f"no watchpost-hub and watchpost-sound in {PROGRAMS}: swift build first")
class TalkWithACell(unittest.TestCase):
    """The whole way: page ─> hub ─> watchpost-sound of the command room ─SIP, SRTP─> the cell's
    watchpost-sound; and from a post's panel, whose own loudspeaker and microphone speak."""

    @classmethod
    def setUpClass(cls):
        cls.demo = Demonstration()
        cls.page = Browser(believes_all=True, speaks=True)

    @classmethod
    def tearDownClass(cls):
        cls.page.end()
        cls.demo.end()

    def calls(self, terminal):
        environment = dict(os.environ, XDG_RUNTIME_DIR=self.demo.home.name)
        words = [PROGRAMS / "watchpost", "calls", "--terminal", terminal, "--json"]
        said = subprocess.run(words, env=environment, capture_output=True, text=True).stdout
        return [json.loads(line) for line in said.splitlines()]

    def talking(self, terminal, condition):
        return self.page.until(
            lambda _: next((one for one in self.calls(terminal)
                            if one["phase"] == "talking" and condition(one)), None), f"{terminal} talks")

    def test_1_pageAndCell_hearEachOther(self):
        page, demo = self.page, self.demo
        page.open(demo.address)
        page.type("input[name=name]", demo.user)
        page.type("input[name=password]", demo.password)
        page.press("form.login .primary")
        page.see(".tile[data-terminal=cell-101][data-proof=alive]")
        page.run(LISTEN)
        demo.press("cell-101")
        page.press(".card[data-class=emergency] button.speak")
        page.see("#talk[data-state=talking][data-open]")
        call = self.talking("cell-101", lambda one: one["heardDb"] > -50)
        self.assertEqual((call["far"], call["microphoneOpen"]), ("command-room", True))
        # The cell is quiet; its packets come all the same.
        page.until(lambda _: page.run("return window.loudness.length") > 50, "the cell's voice")
        page.picture("hub-talk-cell-zh")
        page.press("#talk button.end")
        page.until(lambda _: not any(one["phase"] == "talking" for one in self.calls("cell-101")), "hung up")
        self.assertEqual(page.complaints, [])

    def test_2_post_answersFromItsPanel(self):
        page, demo = self.page, self.demo
        page.open(demo.panels["post-a"].address)
        # Pressed anew: it calls anew.
        demo.press("cell-101")
        page.press(".card[data-class=emergency] button.speak")
        page.see("#talk[data-state=talking]")
        self.assertEqual(self.talking("cell-101", lambda one: one["microphoneOpen"])["far"], "post-a")
        page.picture("panel-talk-zh")
        page.press("#talk button.end")
        page.until(lambda _: not any(one["phase"] == "talking" for one in self.calls("cell-101")), "hung up")


if __name__ == "__main__":
    unittest.main()
