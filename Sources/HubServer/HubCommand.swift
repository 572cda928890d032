// SPDX-License-Identifier: Apache-2.0
package import Facility

/// What whoever starts `watchpost-hub` wants of it. A value, read from the arguments. Nil: not understood.
package struct HubCommand: Sendable {
    package enum Task: Sendable {
        case serve
        case code(TerminalID, serial: String?)
        case user(String, Role, officer: OfficerID?, areas: [ZoneID])
        case publish(kind: String, file: String, terminal: String?)
        case backup(String)
        case restore(String)
        case below(TerminalID, site: String)
        case joinAbove(String, code: String)
        case recordingKey
    }

    package let config: String?
    package let task: Task

    package static let usage = """
        usage: watchpost-hub [--config FILE]
               watchpost-hub [--config FILE] --code TERMINAL [--serial NAME]
               watchpost-hub [--config FILE] --user NAME --role ROLE [--officer ID] [--areas A,B]
                             < password, and the PIN on the second line
               watchpost-hub [--config FILE] --publish KIND FILE [--terminal ID]
               watchpost-hub [--config FILE] --backup FILE      (while it serves, too)
               watchpost-hub [--config FILE] --restore FILE     (while it does not)
               watchpost-hub [--config FILE] --recording-key    (its public half, for the site file)
               watchpost-hub [--config FILE] --below NAME --site FILE          (a hub below this one)
               watchpost-hub [--config FILE] --join-above URL --code CODE      (this one to a hub above)
        """

    private static let known: Set = [
        "--config", "--code", "--serial", "--user", "--role", "--officer", "--areas", "--backup", "--restore",
        "--publish", "--terminal", "--below", "--site", "--join-above",
    ]

    package init?(_ arguments: some Sequence<String>) {
        var options: [String: String] = [:]
        var words = Array(arguments)[...]
        while let word = words.popFirst() {
            if word == "--recording-key", options[word] == nil {
                options[word] = ""
                continue
            }
            guard Self.known.contains(word), options[word] == nil, let value = words.popFirst() else {
                return nil
            }
            options[word] = value
            if word == "--publish" { options["file"] = words.popFirst() }
        }
        config = options.removeValue(forKey: "--config")
        guard let task = Self.task(&options), options.isEmpty else { return nil }
        self.task = task
    }

    /// What is left in `options` does not belong to it.
    private static func task(_ options: inout [String: String]) -> Task? {
        guard !options.isEmpty else { return .serve }
        if options.removeValue(forKey: "--recording-key") != nil { return .recordingKey }
        if let path = options.removeValue(forKey: "--backup") { return .backup(path) }
        if let path = options.removeValue(forKey: "--restore") { return .restore(path) }
        if let kind = options.removeValue(forKey: "--publish") {
            let terminal = options.removeValue(forKey: "--terminal")
            return options.removeValue(forKey: "file").map {
                .publish(kind: kind, file: $0, terminal: terminal)
            }
        }
        if let url = options.removeValue(forKey: "--join-above") {
            return options.removeValue(forKey: "--code").map { .joinAbove(url, code: $0) }
        }
        if let name = options.removeValue(forKey: "--below").flatMap({ TerminalID($0) }) {
            return options.removeValue(forKey: "--site").map { .below(name, site: $0) }
        }
        if let text = options.removeValue(forKey: "--code") {
            let serial = options.removeValue(forKey: "--serial")
            return TerminalID(text).map { .code($0, serial: serial) }
        }
        guard let name = options.removeValue(forKey: "--user"),
            let role = options.removeValue(forKey: "--role").flatMap(Role.init(rawValue:))
        else { return nil }
        let officer = options.removeValue(forKey: "--officer").map { OfficerID($0) }
        let areas = (options.removeValue(forKey: "--areas") ?? "").split(separator: ",").map { ZoneID($0) }
        if case .some(.none) = officer { return nil }
        guard !areas.contains(nil) else { return nil }
        return .user(name, role, officer: officer ?? nil, areas: areas.compactMap { $0 })
    }
}
