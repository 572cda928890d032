// SPDX-License-Identifier: Apache-2.0
import Facility
import Glibc
import SyncAgent

// Doorway of the sync process: arguments, configuration, run; or join, once.
func fail(_ sentence: String, status: Int32) -> Never {
    let bytes = Array((sentence + "\n").utf8)
    _ = write(STDERR_FILENO, bytes, bytes.count)
    exit(status)
}

func usage() -> Never {
    fail(
        """
        usage: watchpost-sync --config FILE [--identity DIRECTORY] [--panel FILE] [--calls FILE]
               watchpost-sync --join https://HUB --code CODE [--serial NAME] [--identity DIRECTORY]
        """, status: 2)
}

var options: [String: String] = [:]
var words = CommandLine.arguments.dropFirst()
while let word = words.popFirst() {
    guard ["--config", "--identity", "--join", "--code", "--serial", "--panel", "--calls"].contains(word),
        let value = words.popFirst()
    else { usage() }
    options[word] = value
}
let identity = options["--identity"] ?? "/var/lib/watchpost-sync"
do throws(Fault) {
    if let hub = options["--join"], let code = options["--code"] {
        let joined = try await Joining.join(
            hub, code: code, serial: options["--serial"] ?? "", directory: identity)
        print("\(joined.terminal) joined \(joined.hub)")
    } else if let config = options["--config"] {
        var places = SyncPlaces(configuration: config, identity: identity)
        if let panel = options["--panel"] { places.panel = panel }
        if let calls = options["--calls"] { places.calls = calls }
        try await SyncRun.run(places, identity: identity)
    } else {
        usage()
    }
} catch {
    fail("watchpost-sync: \(error)", status: 1)
}
