// SPDX-License-Identifier: Apache-2.0
package import Console
package import Facility
import Foundation

/// What a hub is told: a file of `name = value` lines, or nothing. A value; read once at the start.
///
///     # /etc/watchpost/hub.conf: every line may be left out
///     folder   = /var/lib/watchpost-hub      authority, and the SQLite file when there is no `store`
///     store    = postgresql://hub@db/watchpost
///     names    = hub.example, 10.0.0.1       what terminals and browsers reach it by
///     address  = 0.0.0.0                     where it listens
///     console  = 7080
///     sync     = 7443
///     site     = /etc/watchpost/site.db      by `watchpost apply`; none: the store's
///     time-zone = Asia/Shanghai              or minutes east of UTC; days and months of reports
///     talk     = /run/watchpost/talk         the voice gateway's socket (`watchpost-sound` here)
package struct HubConfig: Hashable, Sendable {
    package var folder: String
    /// Nil: SQLite in `folder`.
    package var store: String?
    package var names = ["localhost", "127.0.0.1"]
    package var address = "0.0.0.0"
    package var consolePort = 7_080
    package var syncPort = 7_443
    package var site: String?
    /// A zone's name, or minutes east of UTC.
    package var timeZone = "480"
    /// Nil: nobody talks from the console.
    package var talk: String?

    package init(folder: String) { self.folder = folder }

    /// Nothing told: where the hub may write, the machine's own name, all addresses.
    package static func embedded() -> HubConfig {
        let system = "/var/lib/watchpost-hub"
        let isThere = FileManager.default.isWritableFile(atPath: system)
        var config = HubConfig(folder: isThere ? system : "./watchpost-hub")
        let machine = ProcessInfo.processInfo.hostName
        if !config.names.contains(machine), !machine.isEmpty { config.names.insert(machine, at: 0) }
        return config
    }

    package init(path: String) throws(Fault) {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw Fault(
                "read configuration", at: path, cause: "there is no such file, or it may not be read",
                hint: "Name an existing file with --config, or none for a hub with defaults.")
        }
        try self.init(text: text, path: path)
    }

    package init(text: String, path: String) throws(Fault) {
        self = .embedded()
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let bare = line.trimmingCharacters(in: .whitespaces)
            guard !bare.isEmpty, !bare.hasPrefix("#") else { continue }
            let place = "\(path):\(index + 1)"
            guard let equals = bare.firstIndex(of: "=") else {
                throw Self.mistake(place, "no `=` in this line")
            }
            let name = bare[..<equals].trimmingCharacters(in: .whitespaces)
            let value = bare[bare.index(after: equals)...].trimmingCharacters(in: .whitespaces)
            guard !value.isEmpty else { throw Self.mistake(place, "`\(name)` has no value") }
            try set(name, value, place)
        }
    }

    private mutating func set(_ name: String, _ value: String, _ place: String) throws(Fault) {
        switch name {
        case "folder": folder = value
        case "store": store = value
        case "address": address = value
        case "site": site = value
        case "talk": talk = value
        case "time-zone":
            guard Self.zone(value) != nil else { throw Self.mistake(place, "`\(value)` is no time zone") }
            timeZone = value
        case "console": consolePort = try Self.port(value, place)
        case "sync": syncPort = try Self.port(value, place)
        case "names":
            names = value.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }.filter {
                !$0.isEmpty
            }
        default: throw Self.mistake(place, "`\(name)` is not known here")
        }
    }

    /// The facility's own time. (A zone that this machine does not know was refused when it was read.)
    package var time: LocalTime {
        let zone = Self.zone(timeZone) ?? .gmt
        return LocalTime { ms in
            Int64(zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(ms) / 1_000))) * 1_000
        }
    }

    /// `480`, `-300` or `Europe/Berlin`.
    private static func zone(_ text: String) -> TimeZone? {
        guard let minutes = Int(text) else { return TimeZone(identifier: text) }
        return (-1_080...1_080).contains(minutes) ? TimeZone(secondsFromGMT: minutes * 60) : nil
    }

    private static func port(_ text: String, _ place: String) throws(Fault) -> Int {
        guard let port = UInt16(text) else { throw mistake(place, "`\(text)` is no port") }
        return Int(port)
    }

    private static func mistake(_ place: String, _ cause: String) -> Fault {
        Fault(
            "read configuration", at: place, cause: cause,
            hint: "Known names: folder, store, names, address, console, sync, site, talk, time-zone.")
    }
}
