// SPDX-License-Identifier: Apache-2.0
import Alarms
import Console
import ConsoleServer
import Facility
import HTTPTypes

/// Figures of a month, as JSON and as CSV.
enum ReportRoutes {
    private static let readers: ConsoleRoute.Access = .roles([.supervisor, .auditor])
    private static let month = [ConsoleField("month", .text(maxBytes: 7), isRequired: true)]
    private static let half = month + [ConsoleField("half", .int(1...2))]
    private static let span = [
        ConsoleField("month", .text(maxBytes: 7)), ConsoleField("from", .int(0...Limits.reportUntilMs)),
        ConsoleField("to", .int(0...Limits.reportUntilMs)), ConsoleField("officer", .text(maxBytes: 16)),
    ]

    static let all = [
        ConsoleRoute(
            .get, "/api/statistics", readers, "How fast alarms of a month were attended.", query: month
        ) {
            .json(try await statistics($0))
        },
        ConsoleRoute(.get, "/api/statistics.csv", readers, "The same as CSV.", query: month) {
            .csv(try await statistics($0).csv, name: "statistics.csv")
        },
        ConsoleRoute(
            .get, "/api/duty", readers, "What each officer did in a month, or from one time to another.",
            audit: "view.duty", query: span
        ) { .json(try await duty($0)) },
        ConsoleRoute(
            .get, "/api/duty.csv", readers, "The same as CSV.", audit: "view.duty", query: span
        ) { .csv(try await duty($0).csv, name: "duty.csv") },
        ConsoleRoute(
            .get, "/api/report", readers, "Statistics and duty of a month together.", audit: "view.duty",
            query: month
        ) { call in
            .json(
                JSONValue.object([
                    "month": .text(try asked(call).description),
                    "statistics": try JSONValue(encoding: await statistics(call)),
                    "duty": try JSONValue(encoding: await duty(call)),
                ]))
        },
        ConsoleRoute(
            .get, "/api/certificate", .roles([.supervisor, .auditor, .technician]),
            "How each terminal did in a month or in one half of it.", query: half
        ) { call in
            let (certificate, month) = (try await certificate(call), try asked(call))
            return .json(
                CertificateView(
                    certificate, month: month, half: call.int("half").map { Int($0) }, book: call.hub.book))
        },
        ConsoleRoute(
            .get, "/api/certificate.csv", .roles([.supervisor, .auditor, .technician]), "The same as CSV.",
            query: half
        ) { .csv(try await certificate($0).csv(time: $0.hub.time), name: "certificate.csv") },
    ]

    private static func statistics(_ call: ConsoleCall) async throws -> AlarmStatistics {
        let month = try asked(call)
        let alarms = try await alarms(call.hub.time.span(of: month), call)
        return AlarmStatistics(of: month, alarms: alarms, time: call.hub.time)
    }

    /// A deed of the first days may belong to an alarm of the month before.
    private static func duty(_ call: ConsoleCall) async throws -> DutyRecord {
        let span: Range<Int64>
        if let from = call.int("from"), let to = call.int("to") {
            guard from < to else { throw Refused.badRequest("from < to") }
            span = from..<to
        } else {
            span = call.hub.time.span(of: try asked(call))
        }
        let alarms = try await alarms(span.lowerBound - Int64(Limits.dutyReachMs)..<span.upperBound, call)
        let officer = call.text("officer").map { OfficerID($0) }
        if case .some(.none) = officer { throw Refused.badRequest("officer") }
        return DutyRecord(
            of: alarms, span: span, only: officer ?? nil, time: call.hub.time, book: call.hub.book)
    }

    /// Troubles raised before the period may reach into it; so all that are open, and those of a while
    /// before.
    private static func certificate(_ call: ConsoleCall) async throws -> EquipmentCertificate {
        let (time, nowMs, month) = (call.hub.time, call.hub.clock.now().wallMs, try asked(call))
        let period = call.int("half").map { time.span(of: month, half: Int($0)) } ?? time.span(of: month)
        let seen = await call.hub.wall.seen
        let (outages, troubles, rounds) = try await call.hub.store.read { session in
            var query = AlarmQuery()
            query.fromMs = period.lowerBound - Limits.troubleReachMs
            query.toMs = period.upperBound
            query.alarmClass = .trouble
            query.limit = Limits.exportMaxCount
            let troubles = try session.allAlarms(query) + session.openAlarms()
            let outages =
                try session.outages(from: period.lowerBound, to: period.upperBound)
                + session.terminals().filter { !seen.contains($0.id) }.map {
                    EquipmentCertificate.Outage(terminal: $0.id, fromMs: $0.proofMs ?? 0, toMs: nil)
                }
            let fromMs = period.lowerBound - Int64(Limits.roundMaxMs)
            return (outages, troubles, try session.rounds(from: fromMs, to: period.upperBound))
        }
        let known = Dictionary(troubles.map { ($0.record.id, $0) }) { first, _ in first }
        let tests = rounds.flatMap(\.cells).compactMap { cell in
            TerminalID(cell.terminal).flatMap { terminal in
                cell.pressedAt.map { EquipmentCertificate.ButtonTest(terminal: terminal, atMs: $0) }
            }
        }
        return EquipmentCertificate(
            period: period, outages: outages, troubles: known.values.map(\.dated), tests: tests, nowMs: nowMs,
            book: call.hub.book)
    }

    private static func asked(_ call: ConsoleCall) throws -> LocalMonth {
        guard let month = call.text("month").flatMap({ LocalMonth($0) }) else {
            throw Refused.badRequest("month")
        }
        return month
    }

    private static func alarms(_ span: Range<Int64>, _ call: ConsoleCall) async throws -> [DatedAlarm] {
        var query = AlarmQuery()
        query.fromMs = span.lowerBound
        query.toMs = span.upperBound
        query.limit = Limits.exportMaxCount
        let whole = query
        return try await call.hub.store.read { try $0.allAlarms(whole).map(\.dated) }
    }
}
