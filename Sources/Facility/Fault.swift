// SPDX-License-Identifier: Apache-2.0

/// An error that crosses a room: what was being done, where, why it failed, and what a technician does next.
package struct Fault: Error, Hashable, Sendable, CustomStringConvertible {
    /// What was being done: `open chip`.
    package var operation: String
    /// Where: a file, a line, a label: `gpio-cell`.
    package var place: String
    /// Why: the library's or the kernel's own words: `Device or resource busy`.
    package var cause: String
    /// What to do next, one sentence.
    package var hint: String

    package init(_ operation: String, at place: String, cause: String, hint: String) {
        self.operation = operation
        self.place = place
        self.cause = cause
        self.hint = hint
    }

    package var description: String { "\(operation) \(place): \(cause). \(hint)" }
}
