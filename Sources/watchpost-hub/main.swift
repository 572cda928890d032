// SPDX-License-Identifier: Apache-2.0
import Facility
import Glibc
import HubServer
import Logging

// Doorway of the hub: arguments, configuration, run; or one thing done at its store.
func fail(_ text: String, status: Int32 = 1) -> Never {
    let bytes = Array("watchpost-hub: \(text)\n".utf8)
    _ = write(STDERR_FILENO, bytes, bytes.count)
    exit(status)
}

let known = ["config", "code", "serial", "user", "role", "officer", "publish", "terminal"].map { "--" + $0 }
var options: [String: String] = [:]
var words = CommandLine.arguments.dropFirst()
while let word = words.popFirst() {
    guard known.contains(word), let value = words.popFirst() else {
        fail(
            """
            usage: watchpost-hub [--config FILE] [--code TERMINAL [--serial NAME]]
                   watchpost-hub [--config FILE] --user NAME --role ROLE [--officer ID] < password [and PIN]
                   watchpost-hub [--config FILE] --publish KIND FILE [--terminal ID]
            """, status: 2)
    }
    options[word] = value
    if word == "--publish" { options["file"] = words.popFirst() }
}
do {
    let config =
        try options["--config"].map { path throws(Fault) in try HubConfig(path: path) } ?? .embedded()
    if let terminal = options["--code"] {
        guard let terminal = TerminalID(terminal) else { fail("`\(terminal)` is no terminal", status: 2) }
        print(try await HubKeeping.code(config, terminal: terminal, serial: options["--serial"]))
    } else if let user = options["--user"] {
        guard let role = options["--role"].flatMap({ Role(rawValue: $0) }) else {
            fail("a role is one of \(Role.allCases.map(\.rawValue))", status: 2)
        }
        try await HubKeeping.user(
            config, name: user, role: role, officer: options["--officer"].flatMap { OfficerID($0) },
            password: readLine() ?? "", pin: readLine())
    } else if let kind = options["--publish"] {
        let (file, terminal) = (options["file"] ?? "", options["--terminal"])
        print(try await HubKeeping.publish(config, kind: kind, file: file, terminal: terminal))
    } else {
        let hub = try await Hub(config, logger: Logger(label: "watchpost-hub"))
        try await hub.run { console, sync in
            print("console      https://\(config.names[0]):\(console)/")
            print("sync         https://\(config.names[0]):\(sync)/")
            print("authority    \(hub.fingerprint)")
            if let code = hub.firstCode {
                print("first login  administrator  \(code)  (shown once; change it)")
            }
            fflush(nil)
        }
    }
} catch {
    fail("\(error)")
}
