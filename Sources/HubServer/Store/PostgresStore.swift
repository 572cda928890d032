// SPDX-License-Identifier: Apache-2.0
import Dispatch
import Facility
import Synchronization

/// A hub's store that several hubs may share: PostgreSQL through libpq, a few connections, each with a thread
/// of its own while it works.
///
/// Always true: `synchronous_commit` is on and the server flushes, or the store does not open.
package final class PostgresStore: HubStore {
    private let lanes: LaneQueue
    package let engine = "postgresql"

    package init(info: String) async throws {
        let lanes = (0..<Limits.hubPostgresConnectionsCount).map { PostgresLane(info: info, number: $0) }
        self.lanes = LaneQueue(lanes)
        try await lanes[0].use { connection in
            try connection.command("BEGIN")
            // Two hubs may start at once; the second waits here and finds the tables.
            try connection.command("SELECT pg_advisory_xact_lock(\(Self.schemaLock))")
            let known = try connection.rows("SELECT to_regclass('setting') IS NOT NULL", [])
            if known.first?.bool(0) != true {
                for statement in HubSchema.postgres { try connection.command(statement) }
            }
            for statement in HubSchema.down(bytes: "BYTEA") { try connection.command(statement) }
            try HubSchemaCheck.bringUp(connection)
            try connection.command("COMMIT")
        }
    }

    /// "WPHB".
    private static let schemaLock = 0x5750_4842

    package func write<Result: Sendable>(
        _ body: @escaping @Sendable (any HubSession) throws -> Result
    ) async throws -> Result {
        try await lanes.withLane { lane in try await lane.transaction("BEGIN", body) }
    }

    package func read<Result: Sendable>(
        _ body: @escaping @Sendable (any HubSession) throws -> Result
    ) async throws -> Result {
        try await lanes.withLane { lane in
            try await lane.transaction("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", body)
        }
    }
}

/// One connection and its thread. Opened when first used, and anew after it broke.
private final class PostgresLane: Sendable {
    private let info: String
    private let queue: DispatchQueue
    /// Only touched on `queue`; the lock is never waited for.
    private let connection = Mutex<PostgresConnection?>(nil)

    init(info: String, number: Int) {
        self.info = info
        queue = DispatchQueue(label: "watchpost.postgresql.\(number)")
    }

    func use<Result: Sendable>(
        _ body: @escaping @Sendable (PostgresConnection) throws -> Result
    ) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { [self] in
                continuation.resume(with: Swift.Result { try useNow(body) })
            }
        }
    }

    private func useNow<Result: Sendable>(_ body: (PostgresConnection) throws -> Result) throws -> Result {
        try connection.withLock { held in
            if held?.isAlive != true { held = nil }
            let connection = try held ?? PostgresConnection(info: info)
            held = connection
            do {
                return try body(connection)
            } catch {
                // Whatever was begun is given up; a connection that cannot even do that is dropped.
                if (try? connection.command("ROLLBACK")) == nil { held = nil }
                throw error
            }
        }
    }

    func transaction<Result: Sendable>(
        _ begin: String, _ body: @escaping @Sendable (any HubSession) throws -> Result
    ) async throws -> Result {
        for _ in 1..<Limits.hubTransactionTriesCount {
            do { return try await once(begin, body) } catch let error as PostgresRefusal
                where error.isCollision
            {}
        }
        return try await once(begin, body)
    }

    private func once<Result: Sendable>(
        _ begin: String, _ body: @escaping @Sendable (any HubSession) throws -> Result
    ) async throws -> Result {
        try await use { connection in
            try connection.command(begin)
            let result = try body(connection)
            try connection.command("COMMIT")
            return result
        }
    }
}

/// Hands free lanes to whoever came first.
private actor LaneQueue {
    private var free: [PostgresLane]
    private var waiting: [CheckedContinuation<PostgresLane, Never>] = []

    init(_ lanes: [PostgresLane]) { free = lanes }

    private func take() async -> PostgresLane {
        if let lane = free.popLast() { return lane }
        return await withCheckedContinuation { waiting.append($0) }
    }

    private func giveBack(_ lane: PostgresLane) {
        if waiting.isEmpty { free.append(lane) } else { waiting.removeFirst().resume(returning: lane) }
    }

    nonisolated func withLane<Result: Sendable>(
        _ body: @Sendable (PostgresLane) async throws -> Result
    ) async throws -> Result {
        let lane = await take()
        do {
            let result = try await body(lane)
            await giveBack(lane)
            return result
        } catch {
            await giveBack(lane)
            throw error
        }
    }
}
