// SPDX-License-Identifier: Apache-2.0
import Clips
import Facility
import Testing

struct ClipReportTests {
    @Test func report_isRead_asItWasWritten_andNoOtherWay() {
        let digest = String(repeating: "b", count: 64)
        let reports = [
            ClipReport(version: 0, unitCount: 0, byteCount: 0, missingCount: 0),
            ClipReport(version: 7, unitCount: 3, byteCount: 90, missingCount: 1, refused: [digest, digest]),
        ]
        for report in reports { #expect(ClipReport(Array(report.text.utf8)) == report) }
        for wrong in [
            "", "1 2 3\n", "1 2 3 4", "1 2 3 4\n\n", "-1 2 3 4\n", "01 2 3 4\n", "1  2 3 4\n", "1 2 3 4\nx\n",
            "1 2 3 4\n\(digest)", "1 99999 3 4\n", "1 2 3 4 5\n", "1 2 99999999999999 4\n", "1 2 3 9999\n",
            "1 2 3 4\n" + String(repeating: digest + "\n", count: Limits.clipReportMaxCount + 1),
        ] {
            #expect(ClipReport(Array(wrong.utf8)) == nil, "\(wrong)")
        }
    }
}
