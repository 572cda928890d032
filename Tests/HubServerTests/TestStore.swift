// SPDX-License-Identifier: Apache-2.0
import Facility
import Foundation
import Journal
import Synchronization

@testable import HubServer

/// The engines that every test of a store runs over.
enum StoreKind: String, Sendable, CaseIterable {
    case sqlite
    case postgresql

    static let available = PostgresCluster.shared == nil ? [StoreKind.sqlite] : allCases

    /// A fresh store, and how to open the same one again as another hub would.
    func open() async throws -> (store: any HubStore, again: @Sendable () async throws -> any HubStore) {
        switch self {
        case .sqlite:
            let path = try temporaryFolder() + "/hub.sqlite"
            return (try SQLiteStore(path: path), { try SQLiteStore(path: path) })
        case .postgresql:
            guard let info = try PostgresCluster.shared?.freshDatabase() else {
                fatalError("asked though not there")
            }
            return (try await PostgresStore(info: info), { try await PostgresStore(info: info) })
        }
    }
}

func temporaryFolder() throws -> String {
    let folder = FileManager.default.temporaryDirectory.appending(
        path: "wp-hub-\(UUID().uuidString.prefix(8))"
    ).path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    return folder
}

/// A name that is one.
func name<Kind>(_ text: String) -> Identifier<Kind> {
    guard let id = Identifier<Kind>(text) else { fatalError("\(text) is no name") }
    return id
}

/// A journal of one terminal, as its file would chain it.
struct TestJournal {
    let terminal: TerminalID
    let stream: Facility.Stream
    private(set) var head: StreamHead
    let run: UInt64

    init(_ terminal: String, _ stream: Facility.Stream = .alarm, run: UInt64 = 7) {
        self.terminal = name(terminal)
        self.stream = stream
        self.run = run
        head = StreamHead(
            stream: stream, sequence: 0,
            hash: HashChain.genesis(terminal: self.terminal, stream: stream, generation: 0))
    }

    mutating func next(
        kind: UInt16 = 900, subject: [UInt8] = [], standing: Bool = false, payload: [UInt8],
        wallMs: Int64 = 1_800_000_000_000, at: Moment? = nil
    ) -> HubEvent {
        let sequence = head.sequence + 1
        let event = JournalEvent(
            id: EventID(terminal: terminal, stream: stream, run: run, sequence: sequence),
            at: at
                ?? Moment(uptime: Uptime(nanoseconds: sequence * 1_000), wallMs: wallMs, uncertaintyMs: 5),
            kind: kind, subject: subject, standing: standing, payload: payload)
        let hash = HashChain.hash(of: event, sequence: sequence, after: head.hash)
        defer { head = StreamHead(stream: stream, sequence: sequence, hash: hash) }
        return HubEvent(
            entry: JournalEntry(event: event, sequence: sequence, previousHash: head.hash, hash: hash),
            receivedMs: wallMs + 100)
    }
}

/// A wall clock that a test moves.
final class SharedTime: Sendable {
    private let ms = Mutex<Int64>(1_800_000_000_000)
    var now: Int64 { ms.withLock { $0 } }
    func move(_ by: Int64) { ms.withLock { $0 += by } }
}
