// SPDX-License-Identifier: Apache-2.0
import CLinux
import Facility
import Glibc

// Doorway of the instrument behind `watchpost bench hub`: many terminals in one process, and one page. It is
// never installed. Prints `name value` lines; its last line is `end`.
func fail(_ sentence: String, status: Int32) -> Never {
    let bytes = Array(("hub-load: " + sentence + "\n").utf8)
    _ = write(STDERR_FILENO, bytes, bytes.count)
    exit(status)
}

func usage() -> Never {
    fail(
        """
        usage: hub-load --hub https://HOST:PORT --folder DIRECTORY --terminals N --seconds S --rate ALARMS/S
                        --connections 1|3 --technician NAME --watcher NAME --password TEXT
        """, status: 2)
}

var options: [String: String] = [:]
var words = CommandLine.arguments.dropFirst()
while let word = words.popFirst() {
    guard word.hasPrefix("--"), let value = words.popFirst() else { usage() }
    options[word] = value
}
guard let hub = options["--hub"], let folder = options["--folder"], let technician = options["--technician"],
    let watcher = options["--watcher"], let password = options["--password"],
    let terminals = options["--terminals"].flatMap({ Int($0) }), terminals > 0,
    let seconds = options["--seconds"].flatMap({ Int($0) }), seconds > 0,
    let rate = options["--rate"].flatMap({ Int($0) }), rate > 0,
    let connections = options["--connections"].flatMap({ Int($0) }), connections == 1 || connections == 3
else { usage() }
signal(SIGPIPE, SIG_IGN)
wp_raise_file_limit()
do {
    let load = HubLoad(
        hub: hub, folder: folder, terminals: terminals, seconds: seconds, rate: rate,
        connections: connections)
    try await load.run(technician: technician, watcher: watcher, password: password)
} catch {
    fail("\(error)", status: 1)
}
