# SPDX-License-Identifier: Apache-2.0
"""The page of the day: what was planned, what was heard; and the voice units behind it."""
from pages import Pages


class Day(Pages):
    def test_day_saysInWords_whatWasNotHeard(self):
        page = self.begin(page="dayPlan")
        page.see(".unit", "起床")
        page.see(".unit .state[data-state=notHeard]", "✕ 未听到 1/3")
        page.see(".unit .state[data-state=heard]", "✓ 已听到")
        page.see(".wrong li[data-state=notHeard]", "101 · 08:00 点名 · 未听到 · -31.5 dB")
        page.see(".wrong li[data-state=tooQuiet]", "102 · 08:00 点名 · 声音过小")
        page.see(".wrong li[data-state=skipped]", "本机没有该音频或音频有误")
        page.picture("day-zh")
        page.press("button.language")
        page.see(".wrong li[data-state=notHeard]", "not heard")
        page.picture("day-en")
        page.press("button.language")

    def test_day_isReadFromThreeMetres(self):
        page = self.begin(page="dayPlan")
        page.see(".unit")
        small = page.run("""
            return [...document.querySelectorAll('.unit *, .wrong li')]
                .filter((one) => parseFloat(getComputedStyle(one).fontSize) < 22)
                .map((one) => one.textContent)""")
        self.assertEqual(small, [])
        self.assertLessEqual(page.run("return document.documentElement.scrollWidth"), self.size[0])

    def test_unit_opens_withEachTerminal_andTheDayBeforeIsAsked(self):
        page = self.begin(page="dayPlan")
        page.press(".unit", "点名")
        page.see("dialog tbody tr", "未听到")
        page.press("dialog .cross")
        day = page.see(".month").text
        page.press(".heading .tool", "◀")
        page.until(lambda _: page.see(".month").text < day, "the day before")
        self.assertIn(page.see(".month").text, page.see("a.tool[href*='day.csv']").get_attribute("href"))

    def test_preview_showsSevenDays_andWhatTheLibraryLacks(self):
        page = self.begin(page="dayPlan")
        page.press(".strip .tool", "七日预览")
        page.see("dialog .choices button", "11-23 工作日")
        self.assertEqual(len(page.all("dialog .choices button")), 7)
        page.see("dialog tbody tr", "✕ news")
        page.picture("day-preview-zh")

    def test_clips_sayWhoHoldsWhat_andTakeALineOfText(self):
        page = self.begin(user="tech", page="clips")
        page.see(".refusal", "news")
        page.see("tbody tr", "✕ 1")
        page.picture("clips-zh")
        page.press(".heading .primary", "添加")
        page.type("dialog input[name=name]", "news")
        page.type("dialog input[name=say]", "早上好")
        page.press("dialog button[type=submit]")
        page.until(lambda _: not page.all("dialog"), "it was sent")

    def test_timetable_isPublished_onlyAsItWasChecked(self):
        page = self.begin(user="tech", page="timetable")
        page.see(".hint", "看守所作息")
        publish = "button.primary"
        self.assertFalse(page.see(publish).is_enabled())
        page.press(".tools .tool", "检查并预览")
        page.see("tbody tr", "起床")
        page.until(lambda _: page.see(publish).is_enabled(), "checked")
        page.picture("timetable-zh")
        page.see("textarea").send_keys("mistake")
        self.assertFalse(page.see(publish).is_enabled())
        page.press(".tools .tool", "检查并预览")
        page.see("li.mistake", "timetable:2")
        self.assertFalse(page.see(publish).is_enabled())
        page.see("textarea").clear()
        page.press(".tools .tool", "检查并预览")
        page.until(lambda _: page.see(publish).is_enabled(), "checked again")
        page.press(publish)
        page.see(".answer", "已下发，版本 7")
