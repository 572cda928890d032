// SPDX-License-Identifier: Apache-2.0
package import Facility

/// The calls that wait to be answered at one terminal: the more urgent first, of one class the older one.
///
/// A value; any thread. Always true: at most `capacity` wait; who asked for help never gives way to who did
/// not.
package struct CallQueue: Hashable, Sendable {
    package struct Waiting: Hashable, Sendable {
        package var call: CallID
        package var urgency: CallClass
        package var since: Uptime

        package init(call: CallID, urgency: CallClass, since: Uptime) {
            self.call = call
            self.urgency = urgency
            self.since = since
        }

        func comesBefore(_ other: Waiting) -> Bool {
            if urgency != other.urgency { return urgency > other.urgency }
            return since < other.since
        }
    }

    package private(set) var waiting: [Waiting] = []
    private let capacity: Int

    package init(capacity: Int = Limits.callsMaxCount) { self.capacity = capacity }

    package var first: CallID? { waiting.first?.call }

    /// Answers with who has to go for it; the newcomer itself when all others are at least as urgent.
    package mutating func add(_ newcomer: Waiting) -> CallID? {
        remove(newcomer.call)
        let place = waiting.firstIndex { newcomer.comesBefore($0) } ?? waiting.endIndex
        waiting.insert(newcomer, at: place)
        return waiting.count > capacity ? waiting.removeLast().call : nil
    }

    package mutating func remove(_ call: CallID) { waiting.removeAll { $0.call == call } }
}
