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
            .get, "/api/duty", readers, "What each officer did in a month.", audit: "view.duty",
            query: month + [ConsoleField("officer", .text(maxBytes: 16))]
        ) { .json(try await duty($0)) },
        ConsoleRoute(
            .get, "/api/duty.csv", readers, "The same as CSV.", audit: "view.duty",
            query: month + [ConsoleField("officer", .text(maxBytes: 16))]
        ) { .csv(try await duty($0).csv, name: "duty.csv") },
    ]

    private static func statistics(_ call: ConsoleCall) async throws -> AlarmStatistics {
        let month = try month(call)
        let alarms = try await alarms(LocalTime.china.span(of: month), call)
        return AlarmStatistics(of: month, alarms: alarms, time: .china)
    }

    /// A deed of the first days may belong to an alarm of the month before.
    private static func duty(_ call: ConsoleCall) async throws -> DutyRecord {
        let span = LocalTime.china.span(of: try month(call))
        let alarms = try await alarms(span.lowerBound - Int64(Limits.dutyReachMs)..<span.upperBound, call)
        return DutyRecord(
            of: alarms, span: span, only: call.text("officer").flatMap { OfficerID($0) }, time: .china,
            book: call.hub.book)
    }

    private static func month(_ call: ConsoleCall) throws -> LocalMonth {
        guard let month = call.text("month").flatMap({ LocalMonth($0) }) else {
            throw Refused.badRequest("month")
        }
        return month
    }

    private static func alarms(_ span: Range<Int64>, _ call: ConsoleCall) async throws -> [DatedAlarm] {
        try await call.hub.store.read { session in
            var all: [DatedAlarm] = []
            var query = AlarmQuery()
            query.fromMs = span.lowerBound
            query.toMs = span.upperBound
            query.limit = Limits.listMaxCount
            while true {
                let page = try session.alarms(query)
                all += page.map(\.dated)
                guard page.count == query.limit, let last = page.last else { return all }
                query.after = (last.raisedMs, last.record.id.description)
            }
        }
    }
}
