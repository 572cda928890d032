// SPDX-License-Identifier: Apache-2.0
import Facility

/// `GET /api/certificate`: the equipment's certificate as its page prints it. A value; any thread. A terminal
/// passes when it was available as much as `Limits.certificateMinPercent` demands and, where it is a cell's,
/// its button was tried in the period.
package struct CertificateView: Codable, Hashable, Sendable {
    package struct Row: Codable, Hashable, Sendable {
        package var terminal: String
        package var title: String
        package var zone: String
        package var role: String
        @OrNull package var availability: Double?
        /// Outages and troubles.
        package var faults: Int
        @OrNull package var longestFaultMs: Int64?
        package var buttonTests: Int
        @OrNull package var buttonTestAt: Int64?
        package var passed: Bool
        package var troubles: [EquipmentCertificate.Trouble]
    }

    package var month: String
    @OrNull package var half: Int?
    package var from: Int64
    package var to: Int64
    package var terminals: [Row]

    package init(_ certificate: EquipmentCertificate, month: LocalMonth, half: Int?, book: PlaceBook) {
        self.month = month.description
        self.half = half
        from = certificate.from
        to = certificate.to
        terminals = certificate.terminals.map { row in
            let isTested = row.buttonTests > 0 || row.role != "\(TerminalRole.cell)"
            let isAvailable =
                row.availability.map { $0 * 100 >= Double(Limits.certificateMinPercent) } ?? false
            return Row(
                terminal: row.terminal, title: row.title,
                zone: ZoneID(row.zone).map(book.title) ?? row.zone, role: row.role,
                availability: row.availability,
                faults: row.outages + row.faults.reduce(0) { $0 + $1.count },
                longestFaultMs: row.longestMs > 0 ? row.longestMs : nil, buttonTests: row.buttonTests,
                buttonTestAt: row.lastButtonTestAt, passed: isTested && isAvailable, troubles: row.faults)
        }
    }
}
