// SPDX-License-Identifier: Apache-2.0
import AlarmAgent
import Facility
import Glibc

// Doorway of the alarm process: arguments, configuration, run.
let arguments = CommandLine.arguments
guard arguments.count == 3, arguments[1] == "--config" else {
    fputs("usage: watchpost-alarm --config FILE\n", stderr)
    exit(2)
}
do {
    try AlarmAgent.run(configuration: arguments[2])
} catch {
    fputs("watchpost-alarm: \(error)\n", stderr)
    exit(1)
}
