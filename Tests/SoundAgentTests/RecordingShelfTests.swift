// SPDX-License-Identifier: Apache-2.0
import Audio
import CLinux
import Facility
import Foundation
import Intercom
import PanelLink
import Recordings
import TestBoard
import Testing

@testable import SoundAgent

struct RecordingShelfTests {
    static let key = LinkKeys.generate().sealingKey

    /// A shelf in a folder of its own, stopped and removed however the test ends.
    static func run(
        budget: RecordingBudget = RecordingBudget(budgetBytes: 1 << 40, reserveBytes: 0),
        prepared: (RecordingFolder) throws -> Void = { _ in },
        _ body: (RecordingShelf, RecordingFolder) throws -> Void
    ) throws {
        let path = "/tmp/wpr-" + String(UInt32.random(in: .min ... .max), radix: 36)
        mkdir(path, 0o700)
        defer { try? FileManager.default.removeItem(atPath: path) }
        let folder = RecordingFolder(path + "/recordings")
        try folder.make()
        try prepared(folder)
        let bell = wp_eventfd()
        defer { close(bell) }
        let shelf = RecordingShelf(
            folder, secretKey: key, sentPath: path + "/sent", budget: budget, bell: bell)
        shelf.start()
        defer { shelf.stop() }
        try body(shelf, folder)
    }

    static func call(_ number: UInt64) -> CallID {
        EventID(terminal: .cell, stream: .call, run: 1, sequence: number)
    }

    static func talk(_ recorder: CallRecorder, seconds: Int) {
        let block = SampleBlock(1_600)
        for index in 0..<1_600 { block[index] = Int16(index * 7 % 9_000) }
        for step in 1...(10 * seconds) {
            recorder.said(block, count: 1_600, atNs: UInt64(step) * 100_000_000)
            recorder.heard(block, count: 1_600, atNs: UInt64(step) * 100_000_000)
        }
    }

    static func news(_ shelf: RecordingShelf) throws -> RecordingShelf.News {
        var found: RecordingShelf.News?
        var waiting: [RecordingShelf.News] = []
        let isThere = eventually(ms: 20_000) {
            waiting += shelf.takeNews()
            found = waiting.first
            return found != nil
        }
        try #require(isThere, "the shelf tells")
        #expect(waiting.count == 1)
        return try #require(found)
    }

    @Test func recording_isTold_andSettlesOnlyWhenItsEntryStands() throws {
        try Self.run { shelf, folder in
            let recorder = shelf.recorder(Self.call(1), rateHz: 16_000)
            Self.talk(recorder, seconds: 3)
            shelf.end(recorder, CallQuality())
            guard case .recorded(let sealed, _, let missed, _) = try Self.news(shelf) else {
                Issue.record("not told")
                return
            }
            #expect(sealed.name == RecordingName(Self.call(1)) && !sealed.isCut && missed == 0)
            #expect(folder.kept().isEmpty && folder.leftovers() == [sealed.name])
            shelf.settle(sealed.name)
            #expect(eventually(ms: 20_000) { folder.kept().map(\.name) == [sealed.name] })
        }
    }

    @Test func oldestRecording_goesForTheReserve_afterItsEntry() throws {
        try Self.run(
            budget: RecordingBudget(budgetBytes: 1 << 40, reserveBytes: 1 << 50),
            prepared: { folder in
                for number in 1...2 as ClosedRange<UInt64> {
                    let name = RecordingName(Self.call(number))
                    for path in [folder.file(name), folder.seal(name)] {
                        try #require(wp_write_file(path, [1, 2, 3], 3) == 0)
                    }
                }
            }
        ) { shelf, folder in
            var going: [RecordingName] = []
            let isTold = eventually(ms: 20_000) {
                for case .goes(let name, let isSent, _) in shelf.takeNews() where !isSent {
                    going.append(name)
                }
                return going.count == 2
            }
            #expect(isTold && folder.kept().count == 2, "nothing goes before its entry stands")
            for name in going { shelf.remove(name) }
            #expect(eventually(ms: 20_000) { folder.kept().isEmpty })
        }
    }

    @Test func folderThatCannotBeMade_isTold() throws {
        let bell = wp_eventfd()
        defer { close(bell) }
        let shelf = RecordingShelf(
            RecordingFolder("/nowhere/at/all"), secretKey: Self.key, sentPath: "/nowhere", bell: bell)
        shelf.start()
        defer { shelf.stop() }
        guard case .failed(nil, _) = try Self.news(shelf) else {
            Issue.record("not told")
            return
        }
        let recorder = shelf.recorder(Self.call(1), rateHz: 16_000)
        Self.talk(recorder, seconds: 1)
        guard case .failed(Self.call(1), _) = try Self.news(shelf) else {
            Issue.record("not told")
            return
        }
        shelf.end(recorder, CallQuality())
    }
}
