# SPDX-License-Identifier: Apache-2.0
"""What has to be heard, asked of the page's own rule: a screen must not be quiet when it should ring."""
from pages import Pages


class Sound(Pages):
    def due(self, is_stale=False):
        return self.browser.driver.execute_async_script("""const [stale, done] = arguments;
            import('/sound.js').then((sound) => done(sound.due(stale)))""", is_stale)

    def test_sound_isOfTheMostUrgent_whenSeveralStand(self):
        page = self.begin()
        self.facility.press("cell-101", "trouble")
        self.facility.press("cell-102", "cellCall")
        page.see(".queue .alarm")
        self.assertEqual(self.due(), "cellCall")
        self.facility.press("post-1", "officerDuress")
        self.facility.press("cell-103")
        page.see(".queue .alarm[data-class=emergency]")
        self.assertEqual(self.due(), "officerDuress")

    def test_sound_isQuiet_forHistory(self):
        page = self.begin()
        self.facility.press("cell-101", history=True)
        page.see(".card .badges", "历史")
        self.assertIsNone(self.due())

    def test_sound_comesBack_whenAPauseRanOut_andNoWordCame(self):
        page = self.begin()
        page.see(".allquiet")
        self.facility.press("cell-101", sounding=False, quietForMs=60_000)
        page.see(".card .badges", "静音")
        self.assertIsNone(self.due())
        self.facility.press("cell-102", sounding=False, quietForMs=1)
        page.see(".queue .alarm")
        page.until(lambda _: self.due() == "emergency", "the sound is back")

    def test_sound_complains_whenThePictureStands(self):
        page = self.begin()
        page.see(".allquiet")
        self.assertIsNone(self.due())
        self.assertEqual(self.due(is_stale=True), "trouble")

    def test_names_areTextOnly_whateverTheySay(self):
        page = self.begin()
        self.facility.press("cell-101", title="<img src=x onerror=alert(1)>", zone="<b>x</b>")
        page.see(".card h2", "<img src=x")
        self.assertEqual(page.all(".card img, .card b"), [])
