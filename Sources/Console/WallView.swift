// SPDX-License-Identifier: Apache-2.0
package import Alarms
internal import Facility

/// How fresh the last proof of life of a terminal is.
package enum Proof: String, Codable, Hashable, Sendable, CaseIterable {
    case alive
    case late
    case lost
    /// Never heard since this hub started.
    case never
}

/// 可用状态: whether a cell may be used, as far as its alarm is concerned.
package enum Use: String, Codable, Hashable, Sendable, CaseIterable {
    case usable
    /// Its alarm path is broken and no officer has decided yet.
    case doubtful
    case notUsable
}

/// One fault that stands at a terminal.
package struct FaultView: Codable, Hashable, Sendable {
    package var cause: String
    package var zh: String
    package var en: String
    package var sinceAt: Int64

    package init(_ cause: AlarmCause, sinceAt: Int64) {
        self.cause = "\(cause)"
        zh = cause.phrase.zh
        en = cause.phrase.en
        self.sinceAt = sinceAt
    }
}

/// One terminal of the wall.
package struct TerminalView: Codable, Hashable, Sendable {
    package var id: String
    package var title: String
    package var role: String
    @OrNull package var proofAgeMs: Int?
    package var proof: Proof
    /// The most urgent call that is open here.
    @OrNull package var alarm: String?
    @OrNull package var alarmClass: String?
    @OrNull package var phase: String?
    package var faults: [FaultView]
    package var use: Use
}

/// One zone of the wall.
package struct ZoneView: Codable, Hashable, Sendable {
    package var id: String
    package var title: String
    package var terminals: [TerminalView]
}

/// `GET /api/wall`: everything at once. Alarms are in their order: higher class first, then the older one.
package struct WallView: Codable, Hashable, Sendable {
    package var version: Int64
    package var now: Int64
    package var zones: [ZoneView]
    package var alarms: [AlarmView]
}

/// What changed on the wall after a version: the whole present state of each thing that changed.
package struct WallChanges: Hashable, Sendable {
    /// What a client names next time: `Last-Event-ID`.
    package var version: Int64
    package var terminals: [TerminalView]
    /// Alarms that ended since are among them, with the phase `cleared`.
    package var alarms: [AlarmView]

    package var isEmpty: Bool { terminals.isEmpty && alarms.isEmpty }
}
