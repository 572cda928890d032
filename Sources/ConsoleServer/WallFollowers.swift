// SPDX-License-Identifier: Apache-2.0
package import Console
package import Facility

/// Everybody who follows a wall by server-sent events. A value inside the actor that keeps the wall.
///
/// Always true: a follower is told every change or, when it lagged, is let go and told the whole wall when it
/// comes back.
package struct WallFollowers: Sendable {
    private struct Follower {
        let areas: Set<ZoneID>?
        var version: Int64
        let account: String?
        let stream: AsyncStream<String>.Continuation
    }

    private var followers: [Int: Follower] = [:]
    private var nextFollower = 0

    package init() {}

    package var count: Int { followers.count }

    /// Text of events, from a version on; nil when too many follow. `account`: whose page it is. `left` is
    /// told the number when the page is gone.
    package mutating func follow(
        after version: Int64?, areas: Set<ZoneID>?, account: String?, left: @escaping @Sendable (Int) -> Void
    ) -> AsyncStream<String>? {
        guard followers.count < Limits.streamFollowersMaxCount else { return nil }
        let number = nextFollower
        nextFollower += 1
        let (stream, tell) = AsyncStream.makeStream(
            of: String.self, bufferingPolicy: .bufferingOldest(Limits.streamPiecesMaxCount))
        tell.onTermination = { _ in left(number) }
        followers[number] = Follower(areas: areas, version: version ?? -1, account: account, stream: tell)
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

    package func beat() { for follower in followers.values { follower.stream.yield(": beat\n\n") } }

    package mutating func tell(_ wall: LiveWall, now: Moment) {
        // Most followers see the same areas and are equally far.
        var texts: [Asked: String] = [:]
        for (number, follower) in followers where follower.version != wall.version {
            let asked = Asked(version: follower.version, areas: follower.areas)
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
        let areas: Set<ZoneID>?
    }

    /// The last piece alone carries the version: who lost the connection before it is told all of it again.
    private static func text(for asked: Asked, _ wall: LiveWall, _ now: Moment) -> String {
        guard asked.version >= 0,
            let changes = wall.changes(after: asked.version, areas: asked.areas, now: now)
        else {
            return EventText.piece("wall", wall.view(areas: asked.areas, now: now), version: wall.version)
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
