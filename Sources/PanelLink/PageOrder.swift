// SPDX-License-Identifier: Apache-2.0
package import Facility

/// What an officer wants said, and where. A value; any thread.
package struct PageOrder: Hashable, Sendable {
    package enum Voice: Hashable, Sendable {
        /// The post's microphone; the hand that opened it asks for the page's state until it shall close.
        case live
        /// A file of sound that `watchpost-sound` may read.
        case file(String)
        /// A unit of the clip library of this terminal.
        case unit(String)
    }

    /// Empty: the whole site.
    package var zones: [ZoneID]
    package var voice: Voice
    package var isEmergency: Bool

    package init(zones: [ZoneID], voice: Voice, isEmergency: Bool) {
        (self.zones, self.voice, self.isEmergency) = (zones, voice, isEmergency)
    }
}

/// How the last page of a post stands.
package struct PageReport: Hashable, Sendable {
    package var page: EventID
    package var isOver: Bool
    /// From the command to the first packet; -1: none has left.
    package var soundMs: Int32
    package var toneMs: UInt32
    /// Why it ended before its end: what took the microphone, or what failed.
    package var trouble: String

    package init(page: EventID, isOver: Bool, soundMs: Int32, toneMs: UInt32, trouble: String) {
        (self.page, self.isOver, self.soundMs) = (page, isOver, soundMs)
        (self.toneMs, self.trouble) = (toneMs, trouble)
    }
}

/// How it stands at one terminal.
package struct PagedLine: Hashable, Sendable {
    package var terminal: TerminalID
    /// nil: it has not answered.
    package var state: PageState?
    package var by: SoundRank?
    package var heardMs: UInt32

    package init(terminal: TerminalID, state: PageState?, by: SoundRank?, heardMs: UInt32) {
        (self.terminal, self.state, self.by, self.heardMs) = (terminal, state, by, heardMs)
    }
}
