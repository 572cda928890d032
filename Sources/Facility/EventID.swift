// SPDX-License-Identifier: Apache-2.0

/// One of the append-only sequences that a terminal writes (HOUSE: streams in order of urgency).
package enum Stream: UInt8, Sendable, CaseIterable, Hashable, CustomStringConvertible {
    case alarm = 1
    case call = 2
    case page = 3
    case conduct = 4
    case duty = 5
    case health = 6

    /// As it stands in records: said without looking at what the type is, which costs more than the rest.
    package var description: String {
        switch self {
        case .alarm: "alarm"
        case .call: "call"
        case .page: "page"
        case .conduct: "conduct"
        case .duty: "duty"
        case .health: "health"
        }
    }
}

/// The name of one event for ever and everywhere: retries, both journals and the hub agree by it that it is
/// one event.
///
/// `run` is drawn at random at each process start, so neither uniqueness nor replay protection needs disk or
/// clock.
package struct EventID: Hashable, Sendable {
    package let terminal: TerminalID
    package let stream: Stream
    package let run: UInt64
    /// Counts from 1 within the run and stream.
    package let sequence: UInt64

    package init(terminal: TerminalID, stream: Stream, run: UInt64, sequence: UInt64) {
        self.terminal = terminal
        self.stream = stream
        self.run = run
        self.sequence = sequence
    }
}

extension EventID: CustomStringConvertible {
    /// `cell-101/alarm/9f3c0a1b2c3d4e5f/1`, the form that the tool prints and reads.
    package var description: String {
        let hex = String(run, radix: 16)
        let zeros = String(repeating: "0", count: 16 - hex.utf8.count)
        return terminal.text + "/" + stream.description + "/" + zeros + hex + "/" + String(sequence)
    }

    /// Reads the form that `description` writes; `nil` for anything else.
    package init?(_ text: some StringProtocol) {
        self.init(bytes: Array(text.utf8))
    }

    /// By bytes: a call's bell waits for it.
    private init?(bytes: [UInt8]) {
        let parts = bytes.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard parts.count == 4, let terminal = TerminalID(bytes: parts[0]),
            let stream = Stream.allCases.first(where: { parts[1].elementsEqual($0.description.utf8) }),
            parts[2].count == 16, let run = UInt64(String(decoding: parts[2], as: UTF8.self), radix: 16),
            let sequence = UInt64(String(decoding: parts[3], as: UTF8.self))
        else { return nil }
        self.init(terminal: terminal, stream: stream, run: run, sequence: sequence)
        // One event, one spelling: no sign, no leading zeros, no capitals.
        guard description.utf8.elementsEqual(bytes) else { return nil }
    }
}
