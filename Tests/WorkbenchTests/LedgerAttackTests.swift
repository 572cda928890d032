// SPDX-License-Identifier: Apache-2.0
import Conduct
import DeskLink
import Facility
import Foundation
import Journal
import TestBoard
import Testing
import Workbench

private let interpreter = "/usr/bin/python3"
private let isLong = ProcessInfo.processInfo.environment["WATCHPOST_LONG"] != nil

/// A ledger's journal attacked by somebody who may write the file and knows how it is laid out: found by the
/// tool, and by a verifier of a hundred lines that shares no code with it.
struct LedgerAttackTests {
    private static let scripts = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("ConductLedger").path

    private func python(_ words: [String]) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: interpreter)
        process.arguments = words
        process.environment = ["PYTHONDONTWRITEBYTECODE": "1", "LANG": "C.UTF-8"]
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let said = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: said, as: UTF8.self)
    }

    /// Forty scores and ten entries of duty.
    private func journal(_ path: String) throws {
        let terminal = try #require(TerminalID("post-a"))
        let journal = EventJournal(path: path, terminal: terminal, run: 5) {}
        journal.start()
        for number in UInt64(1)...50 {
            let stream: Facility.Stream = number % 5 == 0 ? .duty : .conduct
            let entry = ConductEntry.scored(
                LedgerEntry(
                    subject: .resident(ResidentID("R\(number % 7)")!), pack: RulePackID("house")!,
                    item: RuleItemID("helps")!, points: Points(Int64(number % 9 + 1)),
                    day: CivilDay("2026-03-10")!, officer: OfficerID("P1")!, note: "第 \(number) 条"))
            let id = EventID(terminal: terminal, stream: stream, run: 5, sequence: number)
            let at = Moment(uptime: .now, wallMs: 1_773_000_000_000, uncertaintyMs: 10)
            journal.append(
                JournalEvent(id: id, at: at, kind: entry.kind, payload: entry.payload), urgent: false,
                now: .now)
        }
        journal.stop()
    }

    @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: interpreter), "python3 is not installed"))
    func attacks_areFound_byTheTool_andByTheVerifierOfAnother() throws {
        let directory = try TemporaryDirectory()
        defer { directory.remove() }
        let base = directory.path + "/base.db"
        try journal(base)
        let heads = verifyJournal(path: base).heads
        #expect(heads.map(\.stream) == [.conduct, .duty] && verifyJournal(path: base, known: heads).isIntact)
        let told = heads.map { "\($0.stream) \($0.sequence) \(Hex.text($0.hash))\n" }.joined()
        #expect(try python([Self.scripts + "/verify_ledger.py", base]) == told)

        let seed = UInt32.random(in: .min ... .max)
        let (count, rounds) = isLong ? (500, 20) : (150, 1)
        for round in 0..<rounds {
            let copies = directory.path + "/\(round)"
            try FileManager.default.createDirectory(atPath: copies, withIntermediateDirectories: true)
            let words = [Self.scripts + "/attacks.py", base, copies, "\(count)", "\(seed &+ UInt32(round))"]
            let lines = try python(words).split(separator: "\n").map { $0.split(separator: " ") }
            #expect(lines.count == count, "seed \(seed) round \(round)")
            for line in lines {
                let place = "seed \(seed) round \(round): \(line.joined(separator: " "))"
                #expect(line.last == "found", "\(place)")
                let verdict = verifyJournal(path: copies + "/\(line[0]).db", known: heads)
                #expect(!verdict.isIntact, "\(place): the tool missed it")
            }
            try FileManager.default.removeItem(atPath: copies)
        }
    }

    @Test func heads_areReadByTheTool_asItPrintsThem() throws {
        let directory = try TemporaryDirectory()
        defer { directory.remove() }
        let (base, kept) = (directory.path + "/base.db", directory.path + "/heads")
        try journal(base)
        let listener = Listener()
        #expect(try RecordTask(listener.voice()).verify(base) == .done)
        let printed = listener.out.filter { $0.hasPrefix("  ") }.joined(separator: "\n")
        try Data(printed.utf8).write(to: URL(fileURLWithPath: kept))
        #expect(try RecordTask(listener.voice()).verify(base, heads: kept) == .done)
        try Data(printed.replacing("conduct   40", with: "conduct   39").utf8).write(
            to: URL(fileURLWithPath: kept))
        #expect(try RecordTask(listener.voice()).verify(base, heads: kept) == .refused, "\(printed)")
        try Data("conduct 1 xyz".utf8).write(to: URL(fileURLWithPath: kept))
        #expect(throws: Fault.self) { try RecordTask(listener.voice()).verify(base, heads: kept) }
    }
}
