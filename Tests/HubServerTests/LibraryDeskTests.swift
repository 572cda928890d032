// SPDX-License-Identifier: Apache-2.0

import Bundles
import Clips
import ConsoleServer
import Facility
import Foundation
import NIOHTTP1
import Paging
import Testing

@testable import ClipMaking
@testable import HubServer

/// The library of voice units as people and terminals see it.
struct LibraryDeskTests {
    /// A second of a tone, 16-bit WAV at 8 kHz.
    static let wav: Data = {
        func little(_ value: Int, _ count: Int) -> [UInt8] {
            (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
        }
        let data = (0..<8_000).flatMap { little(Int(9_000 * sin(Double($0) * 0.7)), 2) }
        return Data(
            Array("RIFF".utf8) + little(36 + data.count, 4) + Array("WAVEfmt ".utf8) + little(16, 4)
                + little(1, 2) + little(1, 2) + little(8_000, 4) + little(16_000, 4) + little(2, 2)
                + little(16, 2) + Array("data".utf8) + little(data.count, 4) + data)
    }()

    private func sound(_ name: String, _ data: Data = wav) -> JSONValue {
        .object(["name": .text(name), "sound": .text(data.base64EncodedString())])
    }

    @Test func unit_isMadeNamedAndRemoved_overTheConsole() async throws {
        try await TestHub.run { hub in
            try await hub.account("li", .technician)
            let browser = try TestBrowser(hub)
            #expect(try await browser.signIn("li").status == 200)
            let made = try await browser.ask(.POST, "/api/clips", sound("wake-up"))
            #expect(made.status == 200 && made["ms"] == .int(1_000), "\(made.body)")
            #expect(try await browser.ask(.POST, "/api/clips", sound("roll-call")).status == 200)
            let rename = JSONValue.object(["name": .text("count")])
            #expect(try await browser.ask(.POST, "/api/clips/roll-call/name", rename).status == 200)
            #expect(try await browser.ask(.POST, "/api/clips/roll-call/name", rename).status == 404)
            let library = try #require(try await hub.parts.library.library())
            #expect(library.version == 3 && library.index.units.map(\.name.text) == ["count", "wake-up"])
            #expect(try await browser.ask(.DELETE, "/api/clips/count").status == 200)
            #expect(try await browser.ask(.DELETE, "/api/clips/count").status == 404)
            let shown = try await browser.ask(.GET, "/api/clips")
            #expect(shown["version"] == .int(4))
            for (body, status) in [
                (sound("../x"), 400), (sound(".."), 400), (sound("x", Data("RIFF".utf8)), 400),
                (.object(["name": .text("x"), "sound": .text("%%%")]), 400),
                (.object(["name": .text("x")]), 400), (.object(["sound": .text("")]), 400),
            ] as [(JSONValue, Int)] {
                #expect(try await browser.ask(.POST, "/api/clips", body).status == status, "\(body)")
            }
            let said = try await browser.ask(
                .POST, "/api/clips",
                .object(["name": .text("news"), "say": .text("早上好"), "language": .text("zh")]))
            #expect(said.status == (Speech.isThere ? 200 : 409), "\(said.body)")
            try await browser.close()
        }
    }

    @Test(arguments: StoreKind.available) func content_isGivenToTerminals_andTheirReportIsKept(
        kind: StoreKind
    )
        async throws
    {
        try await TestHub.run(kind) { hub in
            let cell = try TestTerminal(hub, "cell-101")
            let clip = MadeClip(bytes: [1, 2, 3], ms: 20, gainDb: 0, loudnessLufs: -23, peakDb: -1)
            try await hub.parts.library.put(name("a"), clip, atMs: 1)
            #expect(try await hub.parts.library.put(name("a"), clip, atMs: 2) == nil)
            let sha256 = ClipDigest.of(clip.bytes)
            let url = "https://localhost:\(hub.sync)/v1/clips/"
            let part = try await cell.client.ask(.GET, url + sha256, headers: [("range", "bytes=1-9")])
            #expect(part.status == 206 && part.body == "\u{2}\u{3}")
            for wrong in ["..%2fauthority.key", String(repeating: "0", count: 64)] {
                #expect(try await cell.client.ask(.GET, url + wrong).status == 404)
            }
            #expect(hub.parts.library.sentBytes == 2)
            let report = ClipReport(
                version: 1, unitCount: 1, byteCount: 3, missingCount: 0, refused: [sha256])
            #expect(try await cell.ask(.POST, "/v1/clips", Array(report.text.utf8)).status == 200)
            #expect(try await cell.ask(.POST, "/v1/clips", Array("1 2".utf8)).status == 400)
            let held = try await hub.parts.library.holdings()
            #expect(held.map(\.terminal) == [name("cell-101")] && held[0].report.unitCount == 1)
            let audit = try await hub.parts.store.read { try $0.audit(downFrom: .max, limit: 9) }
            #expect(audit.contains { $0.what == "clip.refused" && $0.subject == sha256 })
            try await cell.close()
        }
    }

    @Test func timetable_isLookedThrough_beforeItIsSigned() async throws {
        try await TestHub.run { hub in
            let folder = try temporaryFolder()
            let file = folder + "/day.wptt"
            let routine = Routine(
                id: name("news"), title: "新闻", days: RoutineDays(types: [DayTypes.weekday]),
                at: try #require(ClockTime("07:00")), unit: "news", lasts: 60)
            let plan = TimetablePlan(
                name: "day", offsets: .utc, dayTypes: DayTypes.titles, routines: [routine])
            var bytes = PlanBytes.encode(plan)
            let desk = hub.parts.bundles
            try Data(bytes).write(to: URL(fileURLWithPath: file))
            #expect(try await desk.publish(.timetable, file: file, terminal: nil, atMs: 1)?.version == 1)
            #expect(try await hub.parts.library.lacking(for: nil) == ["news"])
            let clip = MadeClip(bytes: [1], ms: 20, gainDb: 0, loudnessLufs: -23, peakDb: -1)
            try await hub.parts.library.put(name("news"), clip, atMs: 1)
            #expect(try await hub.parts.library.lacking(for: nil).isEmpty)
            bytes[bytes.count / 2] ^= 1
            try Data(bytes).write(to: URL(fileURLWithPath: file))
            do {
                _ = try await desk.publish(.timetable, file: file, terminal: nil, atMs: 2)
                Issue.record("a damaged timetable was signed")
            } catch let fault as Fault { #expect(fault.place.contains("day.wptt"), "\(fault)") }
        }
    }

    @Test func library_isAdopted_wholeOrNotAtAll() async throws {
        try await TestHub.run { hub in
            let folder = ClipFolder(try temporaryFolder() + "/library")
            try folder.make()
            var index = ClipIndex()
            try index.put(ClipUnit(name: name("a"), sha256: try folder.keep([1, 2]), ms: 5))
            try folder.turn(to: index)
            let desk = hub.parts.bundles
            #expect(try await desk.publish(.clips, file: folder.path, terminal: nil, atMs: 1)?.version == 1)
            #expect(try await hub.parts.library.library()?.index == index)
            folder.forget(index.contents[0])
            await #expect(throws: Fault.self) {
                try await desk.publish(.clips, file: folder.path, terminal: nil, atMs: 1)
            }
            await #expect(throws: Fault.self) {
                try await desk.publish(.clips, file: folder.path, terminal: name("cell-101"), atMs: 1)
            }
        }
    }
}
