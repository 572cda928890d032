// SPDX-License-Identifier: Apache-2.0
package import Alarms
package import Facility

extension Identifier {
    /// A name that the test wrote itself: a wrong one is the test's own fault.
    package static func named(_ text: String) -> Self {
        guard let name = Self(text) else { preconditionFailure("not an identifier: \(text)") }
        return name
    }
}

extension TerminalID {
    package static var cell: TerminalID { named("cell-101") }
    package static var postA: TerminalID { named("post-a") }
    package static var postB: TerminalID { named("post-b") }
}

extension ActionSource {
    package static var officer: ActionSource { ActionSource(post: .postA, officer: .named("P1042")) }
    /// A key of post B's board: no officer named himself.
    package static var key: ActionSource { ActionSource(post: .postB, officer: nil) }
}

extension Uptime {
    package static func ms(_ ms: Int) -> Uptime { Uptime(nanoseconds: UInt64(ms) * 1_000_000) }
}

/// `sequence` 1 of run 7 of a cell, unless told otherwise.
package func makeID(
    _ sequence: UInt64 = 1, terminal: TerminalID = .cell, stream: Facility.Stream = .alarm, run: UInt64 = 7
) -> EventID {
    EventID(terminal: terminal, stream: stream, run: run, sequence: sequence)
}

/// An alarm raised at `raisedMs` of its terminal's uptime, by a clock that was never set.
package func makeRecord(
    _ alarmClass: AlarmClass = .emergency, id: EventID = makeID(), cause: AlarmCause? = nil,
    raisedMs: Int = 0,
    attendanceWired: Bool = false, heldAtStart: Bool = false, revision: UInt32 = 1, presses: UInt32 = 1
) -> AlarmRecord {
    AlarmRecord(
        id: id, point: AlarmPoint(terminal: id.terminal, name: .named("button")), alarmClass: alarmClass,
        cause: cause ?? (alarmClass == .trouble ? .wireCut : .press),
        raised: Moment(uptime: .ms(raisedMs), wallMs: 0, uncertaintyMs: Limits.wallUnknownMs),
        attendanceWired: attendanceWired, heldAtStart: heldAtStart, revision: revision, presses: presses)
}

package func makeDeed(
    _ afterMs: Int, _ terminal: TerminalID = .postA, officer: OfficerID? = nil, ground: Deed.Ground = .officer
) -> Deed {
    Deed(afterMs: UInt32(clamping: afterMs), terminal: terminal, officer: officer, ground: ground)
}
