# SPDX-License-Identifier: Apache-2.0
"""The officer speaks from the command room: this Chromium's microphone ─> WebSocket ─> hub ─> a gateway that
plays echo ─> hub ─> this Chromium's loudspeaker. Real hub, real Opus."""
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
        folder = next(Path(cls.demo.home.name).rglob("hub.conf")).parent
        (folder / "talk").unlink(missing_ok=True)
        cls.gateway = EchoGateway(folder / "talk")
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


if __name__ == "__main__":
    unittest.main()
