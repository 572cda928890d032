// SPDX-License-Identifier: Apache-2.0
import CLinux
package import Facility
import Glibc

/// Speaks a line of text with espeak-ng, a program of its own: bounded in text and time, no shell. Blocks its
/// thread; the program ends with it.
package enum Speech {
    /// What it is read in.
    package enum Language: String, CaseIterable, Sendable, Hashable {
        case zh, en

        fileprivate var voice: String {
            switch self {
            case .zh: "cmn"
            case .en: "en-gb"
            }
        }
    }

    package static let programs = ["/usr/bin/espeak-ng", "/usr/local/bin/espeak-ng"]
    package static var isThere: Bool { programs.contains { access($0, X_OK) == 0 } }

    /// A file of sound, to be made into a unit.
    package static func say(_ text: String, _ language: Language) throws(Fault) -> SoundSource {
        guard (1...Limits.clipTextMaxBytes).contains(text.utf8.count),
            !text.unicodeScalars.contains(where: { $0.value < 0x20 || (0x7f...0x9f).contains($0.value) })
        else {
            throw fault(
                "the text is empty, longer than \(Limits.clipTextMaxBytes) bytes, or more than one line",
                "Part it into several units.")
        }
        guard let program = programs.first(where: { access($0, X_OK) == 0 }) else {
            throw fault("espeak-ng is not installed here", "apt-get install espeak-ng, or bring a recording.")
        }
        var template = Array("/tmp/watchpost-say-XXXXXX".utf8CString)
        let made: String? = mkdtemp(&template).map { String(cString: $0) }
        guard let folder = made else {
            throw fault(String(cString: strerror(errno)), "Make room in /tmp.")
        }
        let file = folder + "/said.wav"
        defer {
            unlink(file)
            rmdir(folder)
        }
        try run([program, "-v", language.voice, "-w", file, "--", text])
        return try SoundSource(path: file)
    }

    private static func run(_ words: [String]) throws(Fault) {
        let text = words.flatMap { Array($0.utf8CString) }
        let environment = Array("LANG=C.UTF-8".utf8CString) + Array("PATH=/usr/bin:/bin".utf8CString)
        let pid = wp_spawn(text, text.count, environment, environment.count, "/dev/null")
        guard pid > 0 else { throw fault(String(cString: strerror(errno)), "Check that it can be started.") }
        let watch = wp_pidfd(pid)
        defer { close(watch) }
        var (ready, code): ([Int16], Int32) = ([0], 0)
        _ = wp_poll([watch], &ready, 1, Int64(Limits.clipSpeechMs) * 1_000_000)
        var end = wp_reap(pid, &code)
        guard end == 0 else {
            guard end == 1, code == 0 else {
                throw fault("espeak-ng ended with \(code)", "Try another text.")
            }
            return
        }
        _ = wp_signal_group(pid, SIGKILL)
        _ = wp_poll([watch], &ready, 1, -1)
        end = wp_reap(pid, &code)
        throw fault("espeak-ng took longer than \(Limits.clipSpeechMs / 1_000) s", "Make the text shorter.")
    }

    private static func fault(_ cause: String, _ hint: String) -> Fault {
        Fault("say", at: "espeak-ng", cause: cause, hint: hint)
    }
}
