// SPDX-License-Identifier: Apache-2.0
import Facility
import Glibc
import Logging
import PanelServer

// Doorway of a post's panel: arguments, configuration, run.
func fail(_ text: String, status: Int32 = 1) -> Never {
    let bytes = Array("\(text)\n".utf8)
    _ = write(STDERR_FILENO, bytes, bytes.count)
    exit(status)
}

guard let options = PanelOptions(CommandLine.arguments.dropFirst()) else {
    fail(PanelOptions.usage, status: 2)
}
signal(SIGPIPE, SIG_IGN)
do {
    let panel = try PostPanel(options, logger: Logger(label: "watchpost-panel"))
    try await panel.run { port in
        print("panel  http://127.0.0.1:\(port)/")
        fflush(nil)
    }
} catch {
    fail("watchpost-panel: \(error)")
}
