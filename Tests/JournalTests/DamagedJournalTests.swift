// SPDX-License-Identifier: Apache-2.0
import Facility
import Glibc
import Journal
import Testing

/// A journal as a power cut leaves it: most of it in the file, the newest in the log.
private struct Specimen {
    var files: [String: [UInt8]] = [:]
    var events: [JournalEvent] = []

    init() {
        let trial = JournalTrial()
        events = (1...90).map {
            JournalTrial.event(
                UInt64($0), subject: "alarm-\($0 % 20)", standing: $0 % 3 != 0,
                payload: [UInt8](repeating: UInt8($0), count: 150))
        }
        trial.live(Array(events[..<60]))
        let journal = trial.journal(run: 2)
        journal.start()
        _ = trial.stored(Array(events[60...]), by: journal)
        for suffix in ["", "-wal", ".heads"] { files[suffix] = fileBytes(trial.path + suffix) }
        journal.stop()
    }
}

private func damage(_ bytes: [UInt8], _ dice: inout SeededDice) -> (words: String, bytes: [UInt8]) {
    var bytes = bytes
    let at = dice.below(bytes.count)
    switch dice.below(4) {
    case 0:
        bytes[at] ^= UInt8(1 << dice.below(8))
        return ("bit at \(at)", bytes)
    case 1:
        let length = min(1 + dice.below(4_096), bytes.count - at)
        for index in at..<(at + length) { bytes[index] = UInt8(dice.below(256)) }
        return ("noise of \(length) at \(at)", bytes)
    case 2:
        let page = at / 4_096 * 4_096
        for index in page..<min(page + 4_096, bytes.count) { bytes[index] = 0 }
        return ("page at \(page) zeroed", bytes)
    case _:
        return ("cut at \(at)", Array(bytes[..<at]))
    }
}

@Test func damagedJournal_isFoundOrHarmless_whenBytesAreFlipped() throws {
    let specimen = Specimen()
    #expect(specimen.files["-wal"]?.isEmpty == false)
    var dice = SeededDice(state: 20_260_801)
    var quarantines = 0
    for round in 0..<240 {
        let trial = JournalTrial()
        for (suffix, bytes) in specimen.files { writeFile(trial.path + suffix, bytes) }
        let suffix = round % 3 == 2 ? "-wal" : ""
        let (words, bytes) = damage(specimen.files[suffix] ?? [], &dice)
        writeFile(trial.path + suffix, bytes)
        let name = Comment(rawValue: "round \(round): \(words) of journal\(suffix)")

        let press = trial.event(1, run: 3, subject: "new", standing: true)
        let reports = trial.live(run: 3, [press])
        #expect(reports.stored == [press.id], name)
        let recorded = try? trial.recorded()
        let standing = try #require(reports.standing, name)
        #expect(standing.allSatisfy { specimen.events.contains($0.event) }, name)
        if reports.quarantined.isEmpty {
            #expect(recorded == specimen.events + [press] || !verifyJournal(path: trial.path).isIntact, name)
        } else {
            quarantines += 1
            #expect(recorded?.contains(press) == true, name)
            #expect(try JournalReader(path: trial.path).generation == 1, name)
            #expect(verifyJournal(path: trial.path).breaks == [], name)
            #expect(try trial.notices().first?.hasPrefix("continues=events.db.damaged-1") == true, name)
        }
    }
    #expect(quarantines > 40)
}

@Test(arguments: ["", "-wal"])
func damagedJournal_isFound_whenAFileIsEmptyOrGone(_ suffix: String) throws {
    let specimen = Specimen()
    for isGone in [true, false] {
        let trial = JournalTrial()
        for (suffix, bytes) in specimen.files { writeFile(trial.path + suffix, bytes) }
        unlink(trial.path + suffix)
        if !isGone { writeFile(trial.path + suffix, []) }
        let reports = trial.live(run: 3, [trial.event(1, run: 3)])
        #expect(!reports.faults.isEmpty && !reports.quarantined.isEmpty)
        #expect(reports.stored.count == 1 && verifyJournal(path: trial.path).isIntact)
    }
}

@Test func damagedJournal_givesItsStandingEntries_whenTheEventPageIsWhole() throws {
    let specimen = Specimen()
    let trial = JournalTrial()
    for (suffix, bytes) in specimen.files { writeFile(trial.path + suffix, bytes) }
    let before = try JournalReader(path: trial.path).standing().map(\.event)
    try trial.tamper("UPDATE standing SET sequence = sequence + 1 WHERE subject = CAST('alarm-2' AS BLOB)")
    let reports = trial.live(run: 3, [])
    #expect(reports.quarantined.count == 1)
    let after = try #require(reports.standing).map(\.event)
    #expect(before.count == 13 && Set(after) == Set(before))
    #expect(verifyJournal(path: trial.path).isIntact)
}

@Test func damagedJournal_isSucceeded_whenAnOlderCopyWasPutBack() throws {
    let trial = JournalTrial()
    trial.live([trial.event(1, subject: "a", standing: true)])
    let old = fileBytes(trial.path)
    trial.live([trial.event(2)])
    writeFile(trial.path, old)
    let reports = trial.live(run: 2, [trial.event(1, run: 2)])
    #expect(reports.faults.first?.cause.hasPrefix("entry 2 of alarm was stored and is gone") == true)
    #expect(try trial.recorded() == [trial.event(1, subject: "a", standing: true), trial.event(1, run: 2)])
    #expect(try JournalReader(path: trial.path).heads().map(\.sequence) == [1 << 40 | 2, 1 << 40 | 2])
}

@Test func damagedJournal_isSucceededFromMemory_whenItIsOverwrittenWhileOpen() throws {
    let trial = JournalTrial()
    trial.live((1...300).map { trial.event(UInt64($0), subject: "a\($0)", standing: $0 > 290) })
    let journal = trial.journal(run: 2)
    journal.start()
    var reports = trial.stored([trial.event(1, run: 2, subject: "b", standing: true)], by: journal)
    // Noise over everything but the first page, as a dying card writes it.
    var bytes = fileBytes(trial.path)
    for index in 4_096..<bytes.count { bytes[index] = UInt8(truncatingIfNeeded: index &* 31) }
    let file = open(trial.path, O_WRONLY)
    #expect(pwrite(file, bytes, bytes.count, 0) == bytes.count)
    var sequence: UInt64 = 2
    while reports.quarantined.isEmpty, sequence < 2_000 {
        reports += trial.stored(
            [trial.event(sequence, run: 2, payload: [UInt8](repeating: 0, count: 8_000))], by: journal)
        sequence += 1
    }
    journal.stop()
    close(file)
    #expect(reports.quarantined.count == 1)
    let names = Set(
        try JournalReader(path: trial.path).standing().map {
            String(decoding: $0.event.subject, as: UTF8.self)
        })
    #expect(names == Set((291...300).map { "a\($0)" } + ["b"]))
    #expect(verifyJournal(path: trial.path).isIntact)
}
