// SPDX-License-Identifier: Apache-2.0
package import Facility

/// One change of an input, as the kernel saw it.
package struct EdgeEvent: Hashable, Sendable {
    /// Index into `LineBank.lines`.
    package var line: Int
    /// After active-low: the contact is closed.
    package var active: Bool
    /// When the kernel saw it, not when we read it.
    package var at: Uptime
    /// Counts from 1 on each line since the line was opened; `nil` where the kernel's older interface has no
    /// numbers.
    package var sequence: UInt32?

    package init(line: Int, active: Bool, at: Uptime, sequence: UInt32? = nil) {
        self.line = line
        self.active = active
        self.at = at
        self.sequence = sequence
    }
}

/// How a line stands when it is looked at, after active-low. A value.
package enum LineLevel: UInt8, Sendable, CaseIterable {
    case inactive = 0
    case active = 1
    /// The line or its chip is not there.
    case unknown = 2

    package init(_ active: Bool) { self = active ? .active : .inactive }
}

/// The lines of one terminal, inputs and outputs, whoever provides them. Lives on the line thread; no call
/// blocks.
///
/// A turn of the loop does: `readEdges`, then (unless `max` edges came: more wait) `readLevels`, then `tick`,
/// with one `now` taken before. Levels are the truth, edges may be lost. What fails is a fault of a line,
/// never a trap; a missing chip or a busy line is tried again for ever.
package protocol LineBank: AnyObject {
    /// The index into this array stands for the line everywhere.
    var lines: [BoardLine] { get }
    /// To be polled for POLLIN; may change after any call.
    var descriptors: [Int32] { get }
    /// What is wrong now, by line; empty when all is well.
    var faults: [Int: Fault] { get }
    /// When `tick` has something to do; `nil` when every line is open.
    var retryAt: Uptime? { get }

    /// Appends at most `max` edges, in order per line. A vanished chip is closed here and becomes a fault of
    /// its lines.
    func readEdges(into edges: inout [EdgeEvent], max: Int)
    /// Replaces `levels` by one level for each line, outputs read back.
    func readLevels(into levels: inout [LineLevel])
    /// Remembers the wanted level also when it throws, and sets it when the line returned.
    func set(_ line: Int, active: Bool) throws(Fault)
    /// Opens what is missing, each `Limits.chipRetryMs`.
    func tick(now: Uptime)
}
