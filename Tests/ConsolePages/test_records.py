# SPDX-License-Identifier: Apache-2.0
"""The pages of records: their figures are those of the API."""
from pages import Pages


class Records(Pages):
    def test_statistics_showTheFiguresOfTheAPI_andAPlot(self):
        page = self.begin(page="statistics")
        page.see("[data-figure=within]", "98.73 %")
        page.see("[data-figure=p50]", "1:23")
        page.see("[data-figure=p95]", "4:07")
        self.assertEqual(len(page.all(".plot circle.p50")), 29)
        page.picture("statistics-zh")
        page.press("button.language")
        page.see("[data-figure=within]", "Within five minutes")
        page.picture("statistics-en")
        page.press("button.language")

    def test_duty_isRead_byOfficerAndDay(self):
        page = self.begin(page="duty")
        page.see("tbody tr", "紧急报警须民警到监室门口后才能解除")
        page.press("tbody tr", "李敏")
        page.see("h3", "李敏")
        page.see("tbody tr", "-21")
        page.see("a.tool[href*='duty.csv?month=']")
        month = page.see(".month").text
        page.see("a.tool[href*='duty/acts.csv?month=']", "岗位操作 CSV")
        page.press(".heading .tool", "◀")
        page.until(lambda _: page.see(".month").text < month, "the month before")
        page.see("tbody tr", "确认报警：103")
        page.picture("duty-zh")
        page.press("button.language")
        page.see("tbody tr", "Acknowledge: 103")
        page.picture("duty-en")
        page.press("button.language")

    def test_report_ofAMonth_isAlarmsAndDutyTogether_andPrints(self):
        page = self.begin(page="report")
        page.see("[data-figure=within]", "98.73 %")
        page.see("tbody tr", "李敏")
        page.see(".signature", "值班领导签名")
        links = {one.get_attribute("href").split("/api/")[1] for one in page.all("a.tool")}
        month = page.see(".month").text
        self.assertEqual(links, {f"statistics.csv?month={month}", f"duty.csv?month={month}"})
        page.picture("report-zh")
        # On paper nothing is a control, and nothing is wider than the sheet.
        page.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
        page.resize(794, 1123)
        self.assertFalse([one for one in page.all("button, a.tool, #bar") if one.is_displayed()])
        self.assertLessEqual(page.run("return document.documentElement.scrollWidth"), 794)
        page.picture("report-paper-zh")
        page.paper("report-zh")
        page.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
        page.resize(*self.size)
        page.press("button.language")
        page.see("[data-figure=within]", "Within five minutes")
        page.picture("report-en")
        page.press("button.language")

    def test_certificate_devices_audit_people_haveTheirPages(self):
        for user, name, text in [("lead", "certificate", "99.99 %"), ("tech", "devices", "时钟未校"),
                                 ("admin", "people", "ward-1")]:
            with self.subTest(name):
                page = self.begin(user=user, page=name)
                page.see("tbody tr", text)
                page.picture(f"{name}-zh")
                page.press("button.language")
                page.see("tbody tr")
                page.picture(f"{name}-en")
                page.press("button.language")

    def test_technician_getsAJoinCode(self):
        page = self.begin(user="tech", page="devices")
        page.press("tbody tr", "101")
        page.press("dialog .primary")
        page.see("dialog .code", "4821-7730")

    def test_calls_sayWhoSpoke_howItWas_andWhoMayHearIt(self):
        for user, hears in [("lead", 1), ("wang", 0)]:
            page = self.begin(user=user, page="calls")
            row = page.see("tbody tr", "张建国")
            for text in ("1 号岗", "紧急报警", "42.3 s", "丢失 0.4 %", "● 42.1 s"):
                self.assertIn(text, row.text)
            page.press("tbody tr")
            page.see("dialog dd", "对方挂断")
            self.assertEqual(len(page.all("dialog audio")), hears)
            self.assertEqual(len(page.all("dialog .recording a")), 2 * hears)
            page.picture(f"calls-{user}-zh")
            page.press("dialog button.cross")
        page.press("button.language")
        page.see("tbody tr", "0.4 % lost")
        page.picture("calls-en")
        page.press("button.language")

    def test_audit_namesWhatWasRefused(self):
        page = self.begin(user="audit")
        alarm = self.facility.press("cell-103")
        page.see(".card")
        with self.assertRaises(Exception):
            self.facility.act(self.facility.alarms[alarm], "clear", self.facility.user)
        page.press("button.menu")
        page.press("dialog .choice", "审计")
        page.see("tbody tr", "民警到监室门口")
        page.picture("audit-zh")
        page.press("button.language")
        page.see("tbody tr", "only after attendance")
        page.picture("audit-en")
        page.press("button.language")

    def test_menu_offersARole_onlyItsPages(self):
        page = self.begin(user="tech")
        page.see(".tile")
        page.press("button.menu")
        page.see("dialog nav.menu")
        self.assertEqual(
            [one.text for one in page.all("dialog .choice")], ["实况", "一日", "作息表", "语音单元", "设备状态"])
