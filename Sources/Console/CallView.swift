// SPDX-License-Identifier: Apache-2.0
package import Facility

/// 通话: `GET /api/calls`: who spoke with whom, why, how it was to hear, and what is kept of it; the newest
/// first. A value; any thread.
package struct CallList: Codable, Hashable, Sendable {
    package var calls: [CallView]
    /// The cursor of the next page.
    @OrNull package var next: String?

    package init(calls: [CallView], next: String?) {
        self.calls = calls
        self.next = next
    }
}

/// One call, as the terminal that made it tells it.
package struct CallView: Codable, Hashable, Sendable {
    package var id: String
    package var at: Int64
    package var uncertaintyMs: UInt32
    package var terminal: String
    package var title: String
    package var zone: String
    /// At the other end: a terminal's title, or a phone's name.
    package var party: String
    /// How long they were connected; nil: nobody answered, or nobody knows.
    @OrNull package var ms: Int?
    package var urgency = ""
    package var mode = ""
    @OrNull package var alarm: String?
    @OrNull package var officer: OfficerView?
    /// Who agreed to listening in.
    @OrNull package var second: OfficerView?
    package var reason = ""
    /// Why it ended; nil: it is under way, or nobody knows.
    @OrNull package var ending: String?
    /// Why it, or its rest, is not recorded.
    @OrNull package var unrecorded: String?
    package var recordings: [RecordingView] = []

    package init(
        id: String, at: Int64, uncertaintyMs: UInt32, terminal: TerminalID, party: String, answeredAt: Int64?,
        endedAt: Int64?, book: PlaceBook
    ) {
        (self.id, self.at, self.uncertaintyMs) = (id, at, uncertaintyMs)
        (self.terminal, title) = (terminal.text, book.title(terminal))
        zone = book.zone(terminal).map { book.title($0) } ?? ""
        self.party = TerminalID(party).map { book.title($0) } ?? party
        if let answeredAt, let endedAt, endedAt >= answeredAt {
            ms = Int(endedAt - answeredAt)
        } else {
            ms = nil
        }
        (alarm, officer, second, ending, unrecorded) = (nil, nil, nil, nil, nil)
    }
}

/// What one terminal recorded of a call.
package struct RecordingView: Codable, Hashable, Sendable {
    /// SHA-256 of the file: where it is heard.
    package var id: String
    package var name: String
    package var terminal: String
    package var title: String
    package var ms: Int
    package var bytes: Int
    /// Its process was cut off; what was written until then is here, sealed at the next start.
    package var cut: Bool
    /// It is here, verified against its seal.
    package var stored: Bool
    /// It was taken from the terminal's disk for room.
    package var removed: Bool
    /// `loss` ‰, `jitter` ms, `delay` ms mouth to ear, `echo` dB, and more, by name.
    package var quality: [String: Double] = [:]

    package init(
        id: String, name: String, terminal: String, title: String, ms: Int, bytes: Int, cut: Bool,
        stored: Bool, removed: Bool
    ) {
        (self.id, self.name, self.terminal, self.title) = (id, name, terminal, title)
        (self.ms, self.bytes, self.cut, self.stored, self.removed) = (ms, bytes, cut, stored, removed)
    }
}
