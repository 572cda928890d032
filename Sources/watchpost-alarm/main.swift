// SPDX-License-Identifier: Apache-2.0
import AlarmAgent
import Facility
import Glibc
import Journal

// Doorway of the alarm process: arguments, configuration, run.
func fail(_ sentence: String, status: Int32) -> Never {
    let bytes = Array((sentence + "\n").utf8)
    _ = write(STDERR_FILENO, bytes, bytes.count)
    exit(status)
}

let arguments = CommandLine.arguments
guard [3, 5].contains(arguments.count), arguments[1] == "--config",
    arguments.count == 3 || arguments[3] == "--site"
else { fail("usage: watchpost-alarm --config FILE [--site FILE]", status: 2) }
do throws(Fault) {
    try AlarmTerminal.run(
        SitePlaces(installed: arguments[2], sent: arguments.count == 5 ? arguments[4] : nil))
} catch {
    fail("watchpost-alarm: \(error)", status: 1)
}
