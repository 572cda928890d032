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
        page.press("tbody tr", "李敏")
        page.see("h3", "李敏")
        page.see("tbody tr", "-21")
        page.see("a.tool[href*='duty.csv?month=']")
        month = page.see(".month").text
        page.press(".heading .tool", "◀")
        page.until(lambda _: page.see(".month").text < month, "the month before")
        page.picture("duty-zh")

    def test_certificate_devices_audit_people_haveTheirPages(self):
        for user, name, text in [("lead", "certificate", "99.99 %"), ("tech", "devices", "12 ms"),
                                 ("admin", "people", "ward-1")]:
            with self.subTest(name):
                self.begin(user=user, page=name).see("tbody tr", text)
                self.browser.picture(f"{name}-zh")

    def test_technician_getsAJoinCode(self):
        page = self.begin(user="tech", page="devices")
        page.press("tbody tr", "101")
        page.press("dialog .primary")
        page.see("dialog .code", "4821-7730")

    def test_audit_namesWhatWasRefused(self):
        page = self.begin(user="audit")
        alarm = self.facility.press("cell-103")
        page.see(".card")
        with self.assertRaises(Exception):
            self.facility.act(self.facility.alarms[alarm], "clear", self.facility.user)
        page.press("button.menu")
        page.press("dialog .choice", "审计")
        page.see("tbody tr", "notAttended")
        page.picture("audit-zh")

    def test_menu_offersARole_onlyItsPages(self):
        page = self.begin(user="tech")
        page.see(".tile")
        page.press("button.menu")
        page.see("dialog nav.menu")
        self.assertEqual([one.text for one in page.all("dialog .choice")], ["实况", "设备状态"])
