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

guard let command = HubCommand(CommandLine.arguments.dropFirst()) else {
    fail("not understood\n\(HubCommand.usage)", status: 2)
}
do {
    let config = try command.config.map { path throws(Fault) in try HubConfig(path: path) } ?? .embedded()
    switch command.task {
    case .code(let terminal, let serial):
        print(try await HubKeeping.code(config, terminal: terminal, serial: serial))
    case .user(let name, let role, let officer, let areas):
        try await HubKeeping.user(
            config, name: name, role: role, officer: officer, areas: areas, password: readLine() ?? "",
            pin: readLine())
    case .publish(let kind, let file, let terminal):
        print(try await HubKeeping.publish(config, kind: kind, file: file, terminal: terminal))
    case .backup(let path):
        try await HubBackup.make(config, to: path)
        print("backed up to \(path): store and authority. Keep it as secret as the hub.")
        print("recordings, as they were sealed: \(HubBackup.recordings(of: path))")
    case .restore(let path):
        let restored = try await HubBackup.restore(config, from: path)
        print("restored, as of \(restored.made); terminals bring again what is younger.")
        for line in restored.kept { print("kept: \(line)") }
        for line in restored.again { print("to be done again: \(line)") }
        if restored.again.isEmpty { print("Accounts changed since then are not in it: look through people.") }
        if let aside = restored.aside { print("What stood before is in \(aside).") }
    case .recordingKey: print(try HubKeeping.recordingKey(config))
    case .below(let name, let site):
        print(try await HubAbove.list(config, below: name, site: site))
        print("Listed. A hub that serves takes its records, and its wall shows them, in a few seconds.")
    case .joinAbove(let address, let code):
        print(try await HubAbove.join(config, to: address, code: code))
    case .serve:
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
