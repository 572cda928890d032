// SPDX-License-Identifier: Apache-2.0
import DeskLink
import Facility
import Foundation
import Journal
import NIOPosix
import Sync
import TestBoard
import Testing

@testable import SyncAgent

private func store(_ count: Int, run: UInt64, at path: String, _ stream: Facility.Stream = .duty) {
    let journal = EventJournal(path: path, terminal: .named("cell-101"), run: run, wake: {})
    journal.start()
    for number in 1...count {
        let id = EventID(terminal: .named("cell-101"), stream: stream, run: run, sequence: UInt64(number))
        let at = Moment(uptime: .now, wallMs: 1_900_000_000_000 + Int64(number), uncertaintyMs: 5)
        journal.append(JournalEvent(id: id, at: at, kind: 1, payload: [1]), urgent: true, now: at.uptime)
    }
    journal.stop()
}

@Test func batch_holdsWhatWasPutAside_andSaysWhereTheNextFileBegins() async throws {
    let folder = try freshFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = folder + "/events.db"
    store(5, run: 1, at: path)
    let database = try Database(path: path, access: .readWrite)
    try database.execute("DROP TRIGGER event_never_update")
    database.close()
    store(2, run: 2, at: path)

    let port = JournalPort([path], on: MultiThreadedEventLoopGroup.singleton.next())
    let heads = await port.heads()
    let base = JournalGeneration.base(1)
    #expect(heads.first { $0.stream == .duty }?.sequence == base + 2)
    #expect(await port.generation == 1)
    var pump = SyncPump()
    var chance = SystemRandomNumberGenerator()
    pump.note(heads)
    // Where the hub is, first; then everything of the stream in one request.
    guard case .send(let hail) = pump.next(.rest, at: .now, using: &chance) else {
        Issue.record("nothing to send")
        return
    }
    pump.take(.reply(SyncReply(cursors: [.duty: 3], nowMs: 0)), of: hail.number, at: .now, using: &chance)
    guard case .send(let plan) = pump.next(.rest, at: .now, using: &chance) else {
        Issue.record("nothing to send")
        return
    }
    let request = try await port.request(for: plan)
    let duty = try EventWire.decode(request.body).events.filter { $0.id.stream == .duty }
    #expect(duty.map(\.entry.sequence) == [4, 5, base + 1, base + 2])
    #expect(duty.map(\.after) == [nil, nil, 5, nil])
    #expect(duty.allSatisfy { $0.boot != nil }, "the runs of files put aside are known, too")
    #expect(await port.latestKnownWallMs() == 1_900_000_000_005)
    #expect(await port.takeFaults().isEmpty)
}

/// The panel hears a browser; the alarm's own stream is believed from the alarm process alone.
@Test func otherJournals_goUpBesideTheAlarms_eachWithItsOneStream() async throws {
    let folder = try freshFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let (own, panel, calls) = (folder + "/events.db", folder + "/duty.db", folder + "/call.db")
    let port = JournalPort(
        [own], others: [.duty: panel, .call: calls], on: MultiThreadedEventLoopGroup.singleton.next())
    #expect(await port.heads().isEmpty, "a cell has no panel")
    #expect(await port.takeFaults().isEmpty)
    store(2, run: 1, at: own, .alarm)
    store(3, run: 2, at: panel, .duty)
    store(4, run: 3, at: panel, .alarm)
    store(2, run: 4, at: calls, .call)
    store(3, run: 5, at: calls, .duty)
    let heads = await port.heads()
    #expect(SyncHeads(heads) == SyncHeads([.alarm: 2, .call: 2, .duty: 3]))
    var pump = SyncPump()
    var chance = SystemRandomNumberGenerator()
    pump.note(heads)
    guard case .send(let hail) = pump.next(.rest, at: .now, using: &chance) else { return }
    pump.take(.reply(SyncReply(cursors: [:], nowMs: 0)), of: hail.number, at: .now, using: &chance)
    guard case .send(let plan) = pump.next(.rest, at: .now, using: &chance) else {
        Issue.record("nothing to send")
        return
    }
    let sent = try EventWire.decode(try await port.request(for: plan).body).events
    #expect(sent.map(\.id.stream) == [.call, .call, .duty, .duty, .duty])
    #expect(await port.takeFaults().isEmpty)
}

@Test func stream_isTheAlarmProcesss_whereBothWriteIt() async throws {
    let folder = try freshFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    store(2, run: 1, at: folder + "/events.db", .duty)
    store(5, run: 2, at: folder + "/duty.db", .duty)
    let port = JournalPort(
        [folder + "/events.db"], others: [.duty: folder + "/duty.db"],
        on: MultiThreadedEventLoopGroup.singleton.next())
    #expect(SyncHeads(await port.heads()) == SyncHeads([.duty: 2]))
}
