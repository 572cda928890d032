# SPDX-License-Identifier: Apache-2.0
"""The figures of a thousand alarms on the page, as a real hub said them: HubServerTests keep figures.json."""
import json
from pathlib import Path

import reports
from pages import Pages


def clock(ms):
    return f"{ms // 60_000}:{ms // 1_000 % 60:02}"


class Figures(Pages):
    def test_page_showsWhatTheHubSaid(self):
        said = json.loads((Path(__file__).parent / "figures.json").read_text())
        canned = reports.statistics
        reports.statistics = lambda month: said
        self.addCleanup(setattr, reports, "statistics", canned)
        page = self.begin(page="statistics")
        tenThousandths = round(said["within300s"] * 10_000)
        page.see("[data-figure=within]", f"{tenThousandths // 100}.{tenThousandths % 100:02} %")
        page.see("[data-figure=p50]", clock(said["p50Ms"]))
        page.see("[data-figure=p95]", clock(said["p95Ms"]))
        page.see("[data-figure=alarms]", str(said["alarms"]))
        page.see("[data-figure=attended]", str(said["attended"]))
