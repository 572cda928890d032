// SPDX-License-Identifier: Apache-2.0
package import Console
package import Facility

/// Everybody who follows a wall by server-sent events. A value inside the actor that keeps the wall.
///
/// Always true: a follower is told every change or, when it lagged, is let go and told the whole wall when it
/// comes back.
package struct WallFollowers: Sendable {
    private struct Follower {
        let sight: Sight
        var version: Int64
        let account: String?
        let session: [UInt8]?
        let stream: AsyncStream<String>.Continuation
    }

    private var followers: [Int: Follower] = [:]
    private var nextFollower = 0

    package init() {}

    package var count: Int { followers.count }

    /// The sign-ins whose pages follow.
    package var sessions: Set<[UInt8]> { Set(followers.values.compactMap(\.session)) }

    /// Text of events, from a version on; nil when too many follow. `account`, `session`: whose page it is.
    /// `left` is told the number when the page is gone.
    package mutating func follow(
        after version: Int64?, _ sight: Sight, account: String?, session: [UInt8]? = nil,
        left: @escaping @Sendable (Int) -> Void
    ) -> AsyncStream<String>? {
        guard followers.count < Limits.streamFollowersMaxCount else { return nil }
        let number = nextFollower
        nextFollower += 1
        let (stream, tell) = AsyncStream.makeStream(
            of: String.self, bufferingPolicy: .bufferingOldest(Limits.streamPiecesMaxCount))
        tell.onTermination = { _ in left(number) }
        followers[number] = Follower(
            sight: sight, version: version ?? -1, account: account, session: session, stream: tell)
        tell.yield("retry: 1000\n\n")
        return stream
    }

    package mutating func leave(_ number: Int) { followers[number] = nil }

    /// Signed out, shut or changed: its pages see nothing more until they ask anew.
    package mutating func dismiss(_ account: String) {
        for (number, follower) in followers where follower.account == account {
            follower.stream.finish()
            followers[number] = nil
        }
    }

    /// Signed out elsewhere.
    package mutating func dismiss(session: [UInt8]) {
        for (number, follower) in followers where follower.session == session {
            follower.stream.finish()
            followers[number] = nil
        }
    }

    /// Keeps streams alive, and the ages of proofs true on every page.
    package func beat(_ wall: LiveWall, now: Moment) {
        var texts: [Set<ZoneID>?: String] = [:]
        for follower in followers.values {
            let areas = follower.sight.areas
            let text = texts[areas] ?? EventText.piece("proofs", wall.proofAges(areas: areas, now: now))
            texts[areas] = text
            follower.stream.yield(": beat\n\n")
            follower.stream.yield(text)
        }
    }

    package mutating func tell(_ wall: LiveWall, now: Moment) {
        // Most followers see the same areas and are equally far.
        var texts: [Asked: String] = [:]
        for (number, follower) in followers where follower.version != wall.version {
            let asked = Asked(version: follower.version, sight: follower.sight)
            let text = texts[asked] ?? Self.text(for: asked, wall, now)
            texts[asked] = text
            followers[number]?.version = wall.version
            if text.isEmpty { continue }
            if case .dropped = follower.stream.yield(text) {
                follower.stream.finish()
                followers[number] = nil
            }
        }
    }

    private struct Asked: Hashable {
        let version: Int64
        let sight: Sight
    }

    /// The last piece alone carries the version: who lost the connection before it is told all of it again.
    private static func text(for asked: Asked, _ wall: LiveWall, _ now: Moment) -> String {
        let (areas, devicesOnly) = (asked.sight.areas, asked.sight.devicesOnly)
        guard asked.version >= 0,
            let changes = wall.changes(
                after: asked.version, areas: areas, devicesOnly: devicesOnly, now: now)
        else {
            let whole = wall.view(areas: areas, devicesOnly: devicesOnly, now: now)
            return EventText.piece("wall", whole, version: wall.version)
        }
        let alarms = changes.alarms.map { EventText.piece("alarm", $0) }
        let terminals = changes.terminals.map { EventText.piece("terminal", $0) }
        let pieces = alarms + terminals
        guard !pieces.isEmpty else { return "" }
        return pieces.dropLast().joined() + "id: \(changes.version)\n" + (pieces.last ?? "")
    }
}

/// How server-sent events are written. Pure.
package enum EventText {
    package static func piece(_ name: String, _ value: some Encodable, version: Int64? = nil) -> String {
        let data = (try? JSONText.encode(value)) ?? "{}"
        return (version.map { "id: \($0)\n" } ?? "") + "event: \(name)\ndata: \(data)\n\n"
    }
}
