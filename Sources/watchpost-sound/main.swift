// SPDX-License-Identifier: Apache-2.0
import Facility
import Glibc
import SoundAgent

// Doorway of the voice: arguments, configuration, run.
func fail(_ sentence: String, status: Int32) -> Never {
    let bytes = Array((sentence + "\n").utf8)
    _ = write(STDERR_FILENO, bytes, bytes.count)
    exit(status)
}

func usage() -> Never {
    fail(
        """
        usage: watchpost-sound --config FILE [--journal FILE] [--key FILE] [--sent FILE] [--gateway SOCKET]
                               [--timetable FILE] [--clips DIRECTORY] [--light]
        """, status: 2)
}

var options: [String: String] = [:]
var words = CommandLine.arguments.dropFirst()
var isLight = false
while let word = words.popFirst() {
    if word == "--light" {
        isLight = true
        continue
    }
    let known = [
        "--config", "--journal", "--key", "--sent", "--gateway", "--timetable", "--clips", "--bench",
    ]
    guard known.contains(word), let value = words.popFirst() else { usage() }
    options[word] = value
    // What follows belongs to the bench.
    if word == "--bench" { break }
}
do throws(Fault) {
    if let bench = options["--bench"] {
        try SoundBench.run(bench, Array(words))
    } else if let config = options["--config"] {
        try SoundProcess.run(
            configuration: config, journal: options["--journal"], key: options["--key"],
            sent: options["--sent"], gateway: options["--gateway"], timetable: options["--timetable"],
            clips: options["--clips"], isLight: isLight)
    } else {
        usage()
    }
} catch {
    fail("watchpost-sound: \(error)", status: 1)
}
