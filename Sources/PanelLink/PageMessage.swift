// SPDX-License-Identifier: Apache-2.0
package import Facility

/// What the sound processes of two terminals say to each other about a page, before, beside and after its
/// voice. Sealed for one receiver (`CallKeys.sealed`), repeated until it is answered.
///
///     post ── announce ──> cell      who speaks, where the voice is, its key
///     post <── state ───── cell      joined, hears, waits, refused, cut, over
///     post ── end ───────> cell
///
/// Replay-proof without disk or clock: each receiver gives each sender a token that is good for one page; who
/// has none, or an old one, is told the new one and announces again at once. A value; any thread.
package enum PageMessage: Hashable, Sendable {
    case announce(PageNotice)
    case end(page: EventID, token: UInt64)
    case state(PageAnswer)
}

/// A page as its receivers are told of it.
package struct PageNotice: Hashable, Sendable {
    package var page: EventID
    package var token: UInt64
    package var isEmergency: Bool
    /// It goes on where something more urgent has ended; otherwise it is over then.
    package var waits: Bool
    package var officer: OfficerID?
    package var zones: [ZoneID]
    package var group: PageGroup
    /// The SSRC of its voice, and its key (AES_CM_128_HMAC_SHA1_80, 30 bytes).
    package var source: UInt32
    package var key: [UInt8]

    package init(
        page: EventID, token: UInt64 = 0, isEmergency: Bool, waits: Bool, officer: OfficerID?,
        zones: [ZoneID], group: PageGroup, source: UInt32, key: [UInt8]
    ) {
        (self.page, self.token, self.isEmergency) = (page, token, isEmergency)
        (self.waits, self.officer, self.zones) = (waits, officer, zones)
        (self.group, self.source, self.key) = (group, source, key)
    }

    package static let keyBytes = 30

    package var rank: SoundRank { isEmergency ? .emergencyPage : .livePage }
}

/// How a page stands at one terminal.
package enum PageState: UInt8, Sendable, CaseIterable, Hashable {
    /// The token was none of now: the answer brings the one that is.
    case askAgain = 1
    /// Its sockets are open; nothing has come yet.
    case joined
    /// The voice comes by the group.
    case hears
    /// The voice comes by copies of its own.
    case hearsAlone
    /// Something more urgent sounds there; the page goes on after it.
    case waits
    /// Never begun: something at least as urgent sounds there.
    case refused
    /// Ended there by something more urgent.
    case cut
    /// It has ended as its sender said, or its sender was gone.
    case over
    /// There is no loudspeaker, or no socket.
    case unable

    /// The terminal will not hear it any more.
    package var isFinal: Bool {
        switch self {
        case .refused, .cut, .over, .unable: true
        case .askAgain, .joined, .hears, .hearsAlone, .waits: false
        }
    }

    package var isHeard: Bool { self == .hears || self == .hearsAlone }

    /// Chinese, then English.
    package var phrase: Phrase {
        switch self {
        case .askAgain, .joined: Phrase("已通知", "told")
        case .hears: Phrase("正在收听", "hears it")
        case .hearsAlone: Phrase("正在收听（单播）", "hears it (copies of its own)")
        case .waits: Phrase("等候更紧急的声音", "waits for something more urgent")
        case .refused: Phrase("未播放", "not played")
        case .cut: Phrase("被打断", "cut")
        case .over: Phrase("已播放", "played")
        case .unable: Phrase("无法播放", "cannot play it")
        }
    }
}

/// A receiver's answer: where its copies go, and with which token the sender speaks from now on.
package struct PageAnswer: Hashable, Sendable {
    package var page: EventID
    package var state: PageState
    package var token: UInt64
    /// Where copies of the voice go; 0: nowhere.
    package var port: UInt16
    /// What was more urgent, or as urgent.
    package var by: SoundRank?
    /// How long it was heard.
    package var heardMs: UInt32

    package init(
        page: EventID, state: PageState, token: UInt64, port: UInt16 = 0, by: SoundRank? = nil,
        heardMs: UInt32 = 0
    ) {
        (self.page, self.state, self.token) = (page, state, token)
        (self.port, self.by, self.heardMs) = (port, by, heardMs)
    }
}
