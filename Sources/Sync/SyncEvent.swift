// SPDX-License-Identifier: Apache-2.0
package import Facility
package import Journal

/// One boot of one machine, as its kernel named it at random. A value.
package struct BootID: Hashable, Sendable, CustomStringConvertible {
    package let high: UInt64
    package let low: UInt64

    /// `nil` when both are zero: the kernel did not tell.
    package init?(high: UInt64, low: UInt64) {
        guard high != 0 || low != 0 else { return nil }
        self.high = high
        self.low = low
    }

    /// The journal's 16 bytes; `nil` for any other count, and for zeros.
    package init?(bytes: [UInt8]) {
        guard bytes.count == 16 else { return nil }
        self.init(
            high: bytes[..<8].reduce(0) { $0 << 8 | UInt64($1) },
            low: bytes[8...].reduce(0) { $0 << 8 | UInt64($1) })
    }

    /// Reads what `description` writes: 32 digits, lower case.
    package init?(_ text: some StringProtocol) {
        let digits = Array(text.utf8)
        guard digits.count == 32, let bytes = HexText.bytes(of: digits[...]) else { return nil }
        self.init(bytes: bytes)
    }

    package var description: String {
        var text = WireText(capacity: 32)
        text.put(hex: high)
        text.put(hex: low)
        return String(decoding: text.taken(), as: UTF8.self)
    }
}

/// One journal entry as it travels: with the boot its process ran in, because an entry may be sent many boots
/// later and its uptime means nothing without. A value; its terminal is the event's.
package struct SyncEvent: Hashable, Sendable {
    package let entry: JournalEntry
    /// `nil` where the kernel did not tell.
    package let boot: BootID?
    /// Of the first entry of a later generation: the last sequence before it in this journal, so that a hub
    /// that was put back does not take the step without what lies between. 0: there is none.
    package let after: UInt64?

    package init(entry: JournalEntry, boot: BootID?, after: UInt64? = nil) {
        self.entry = entry
        self.boot = boot
        self.after = after
    }

    package var id: EventID { entry.event.id }
}

/// What one request carries. A value; every event is of `terminal`, which is `nil` only when there are none.
package struct SyncBatch: Hashable, Sendable {
    package let terminal: TerminalID?
    package let events: [SyncEvent]
    /// Each event's hash was found to follow from its content and the previous one that it names.
    package let isProven: Bool

    package init(terminal: TerminalID?, events: [SyncEvent], isProven: Bool = false) {
        self.terminal = terminal
        self.events = events
        self.isProven = isProven
    }
}

/// Why bytes are no batch or no reply, and at which byte it was noticed. The hub answers it with 400 (413
/// when there are too many).
package struct SyncRefusal: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Reason: String, Sendable, CaseIterable, Hashable {
        case tooLong = "the body is too long"
        case tooMany = "too many events in one batch"
        case ended = "the text ends here"
        case unexpected = "another character is expected here"
        case trailing = "text after the end"
        case tooDeep = "nested too deeply"
        case badText = "a text that is no UTF-8, or has a control character or half a surrogate pair"
        case badNumber = "not a number"
        case badName = "an attribute's name has other characters than a to z, 0 to 9 and _"
        case tooManyNames = "too many attributes"
        case doubled = "this attribute stands twice"
        case missing = "an attribute is missing"
        case badValue = "a value that this attribute cannot have"
        case disagrees = "id, source, type or time does not agree with the attributes it repeats"
        case otherTerminal = "events of two terminals in one batch"
    }

    package let reason: Reason
    /// From 0.
    package let offset: Int
    /// The attribute or member, when one was being read; empty otherwise.
    package let name: String

    package init(_ reason: Reason, at offset: Int, name: String = "") {
        self.reason = reason
        self.offset = offset
        self.name = name
    }

    package var isTooLarge: Bool { reason == .tooLong || reason == .tooMany }

    package var description: String {
        "byte \(offset)\(name.isEmpty ? "" : ", \(name)"): \(reason.rawValue)"
    }
}
