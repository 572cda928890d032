// SPDX-License-Identifier: Apache-2.0
import Facility
import Glibc
import HubServer
import Logging

// watchpost-hub [--config FILE]

func fail(_ text: String) -> Never {
    let line = Array("watchpost-hub: \(text)\n".utf8)
    _ = write(STDERR_FILENO, line, line.count)
    exit(1)
}

let arguments = Array(CommandLine.arguments.dropFirst())
do {
    let config: HubConfig
    switch (arguments.first, arguments.count) {
    case (nil, _): config = .embedded()
    case ("--config", 2): config = try HubConfig(path: arguments[1])
    default: fail("usage: watchpost-hub [--config FILE]")
    }
    let hub = try await Hub(config, logger: Logger(label: "watchpost-hub"))
    try await hub.run { console, sync in
        print("console      https://\(config.names[0]):\(console)/")
        print("sync         https://\(config.names[0]):\(sync)/")
        print("authority    \(hub.fingerprint)")
        if let code = hub.firstCode { print("first login  administrator  \(code)  (shown once; change it)") }
        fflush(nil)
    }
} catch {
    fail("\(error)")
}
