// SPDX-License-Identifier: Apache-2.0
import Bundles
import Clips
import Console
import ConsoleServer
import Facility
import HTTPTypes
import NIOPosix
import Paging
import SiteCheck

/// The timetable as people write it: shown, checked with what it would play, and published as a signed
/// bundle for every terminal.
enum TimetableRoutes {
    private static let keepers: ConsoleRoute.Access = .roles([.technician, .administrator, .supervisor])
    private static let text = ConsoleField(
        "text", .text(maxBytes: Limits.timetableTextMaxBytes), isRequired: true)

    static let all = [
        ConsoleRoute(
            .get, "/api/timetable", keepers,
            "The timetable in force for all, as YAML: `name`, `version`, `yaml`; null where there is none.",
            act: show),
        ConsoleRoute(
            .post, "/api/timetable/check", keepers,
            """
            Whether a text is a timetable: what is wrong with it, line by line, and what it would play in a \
            zone in seven days. Nothing is published.
            """, body: [text, ConsoleField("zone", .text(maxBytes: 16), isRequired: true)],
            bodyMaxBytes: Limits.timetableTextMaxBytes * 2, act: check),
        ConsoleRoute(
            .post, "/api/timetable", keepers, "Publishes a text without mistakes to every terminal.",
            audit: "timetable.publish", body: [text], bodyMaxBytes: Limits.timetableTextMaxBytes * 2,
            act: publish),
    ]

    private static func show(_ call: ConsoleCall) async throws -> ConsoleAnswer {
        let version = try await call.hub.store.read {
            try $0.newestBundle(.timetable, for: nil)?.version
        }
        let plan = try await PlayDesk(store: call.hub.store).plan()
        return .json(
            JSONValue.object([
                "name": plan.map { .text($0.name) } ?? .null, "version": version.map { .int($0) } ?? .null,
                "yaml": plan.map { .text(TimetableText.yaml($0)) } ?? .null,
            ]))
    }

    /// Off the cooperative pool: 400 days are looked through.
    private static func read(_ call: ConsoleCall) async throws -> Checked<TimetablePlan> {
        let text = call.text("text") ?? ""
        return try await NIOThreadPool.singleton.runIfActive { checkTimetable(text, file: "timetable") }
    }

    private static func check(_ call: ConsoleCall) async throws -> ConsoleAnswer {
        let zone = try call.zone()
        let checked = try await read(call)
        let index = try await call.hub.library.library()?.index ?? ClipIndex()
        let days = try checked.value.map {
            DayRoutes.days($0, zone, from: try DayRoutes.day(call), Int(Limits.previewDaysCount), index)
        }
        return .json(
            JSONValue.object([
                "isGood": .bool(checked.value != nil), "days": days ?? .list([]),
                "findings": .list(
                    checked.findings.map { finding in
                        .object([
                            "line": .int(Int64(finding.line)),
                            "isMistake": .bool(finding.severity == .mistake),
                            "zh": .text(finding.text(.chinese)), "en": .text(finding.text(.english)),
                        ])
                    }),
            ]))
    }

    private static func publish(_ call: ConsoleCall) async throws -> ConsoleAnswer {
        let checked = try await read(call)
        guard let plan = checked.value else {
            let first = checked.findings.first { $0.severity == .mistake }
            throw Refused(
                .badRequest, "badTimetable", first?.text(.chinese) ?? "作息表有错误。",
                first?.text(.english) ?? "The timetable has mistakes.")
        }
        let desk = call.hub.bundles
        _ = try await desk.publish(
            .timetable, PlanBytes.encode(plan), terminal: nil, atMs: call.hub.clock.now().wallMs)
        return try await show(call)
    }
}
