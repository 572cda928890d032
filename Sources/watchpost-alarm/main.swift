// SPDX-License-Identifier: Apache-2.0
import AlarmAgent
import Facility
import Glibc

// Doorway of the alarm process: arguments, configuration, run.
func fail(_ sentence: String, status: Int32) -> Never {
    let bytes = Array((sentence + "\n").utf8)
    _ = write(STDERR_FILENO, bytes, bytes.count)
    exit(status)
}

let arguments = CommandLine.arguments
guard arguments.count == 3, arguments[1] == "--config" else {
    fail("usage: watchpost-alarm --config FILE", status: 2)
}
do throws(Fault) {
    try AlarmTerminal.run(configuration: arguments[2])
} catch {
    fail("watchpost-alarm: \(error)", status: 1)
}
