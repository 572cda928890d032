// SPDX-License-Identifier: Apache-2.0
import Console
import Facility
import Testing

struct CertificateViewTests {
    private static let month = LocalMonth("2026-11")

    @Test func cell_passes_whenItWasThereAndItsButtonWasTried() throws {
        let period = beginMs..<beginMs + 1_000_000
        let certificate = EquipmentCertificate(
            period: period,
            outages: [.init(terminal: cell2, fromMs: beginMs, toMs: beginMs + 10_001)], troubles: [],
            tests: [.init(terminal: cell1, atMs: beginMs + 5), .init(terminal: cell2, atMs: beginMs + 6)],
            nowMs: period.upperBound, book: makeBook())
        let view = CertificateView(certificate, month: try #require(Self.month), half: 2, book: makeBook())
        let rows = Dictionary(uniqueKeysWithValues: view.terminals.map { ($0.terminal, $0) })
        #expect(rows["cell-1001"]?.passed == true && rows["cell-1001"]?.longestFaultMs == nil)
        #expect(rows["cell-1002"]?.passed == false, "98.99 %")
        #expect(rows["cell-1002"]?.faults == 1 && rows["cell-1002"]?.longestFaultMs == 10_001)
        #expect(rows["cell-1003"]?.passed == false, "its button was not tried")
        #expect(rows["post-a"]?.passed == true, "a post has none")
        #expect(view.half == 2 && view.month == "2026-11")
    }
}
