// SPDX-License-Identifier: Apache-2.0
import Bundles
import CLinux
import Console
import ConsoleServer
import Facility
import Foundation

/// Everything that a request to the panel may need, made once at the start. Any task.
struct PanelParts: Sendable {
    static let version = Release.version

    let terminal: TerminalID
    let book: PlaceBook
    let wall: PanelWall
    let door: PanelDoor
    let deeds: PanelDeeds
    let talk: PanelTalk
    let alarms: PostRecord
    let record: PanelRecord
    /// The post's own time zone, as the machine is set.
    let time = LocalTime { ms in
        let date = Date(timeIntervalSince1970: Double(ms) / 1_000)
        return Int64(TimeZone.current.secondsFromGMT(for: date)) * 1_000
    }

    static let now: @Sendable () -> Moment = {
        let wall = wp_wall_ms()
        let isSet = wall >= Limits.wallPlausibleFromMs
        return Moment(
            uptime: Uptime(nanoseconds: wp_uptime_ns()), wallMs: wall,
            uncertaintyMs: isSet ? wp_wall_uncertainty_ms() : Limits.wallUnknownMs)
    }

    func note(_ note: PanelNote) { record.append(note, now: Self.now()) }

    /// `isKnown`: to somebody who signed in.
    func noteRefusal(_ note: PanelNote, isKnown: Bool) {
        isKnown ? record.append(note, now: Self.now()) : record.appendRefusal(note, now: Self.now())
    }

    /// What this post hears: its own zones, and those whose ladder ends here.
    static func place(_ site: Site, _ terminal: TerminalID) -> PlaceBook {
        var heard = site
        heard.terminals.removeAll { $0.id != terminal && !site.hears(terminal, $0) }
        return PlaceBook(site: heard, zoneTitles: heard.zoneTitles)
    }
}

/// One request to the panel that passed every check.
struct PanelCall: Sendable {
    let parts: PanelParts
    let person: PanelSession?
    let path: [String: String]
    let values: [String: JSONValue]
    /// The browser's own cookie, and that of the session.
    let cookie: String?
    let secret: String?
    let lastEventID: Int64?

    func text(_ name: String) -> String? { if case .text(let text)? = values[name] { text } else { nil } }
    func int(_ name: String) -> Int64? { if case .int(let value)? = values[name] { value } else { nil } }

    /// Where nobody signed in, the post itself.
    var who: String { person?.officer.id.text ?? parts.terminal.text }
}

/// One thing that a panel does.
typealias PanelRoute = WebRoute<PanelCall>
