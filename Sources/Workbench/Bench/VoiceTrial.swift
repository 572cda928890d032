// SPDX-License-Identifier: Apache-2.0
import DeskLink
package import Facility
import Foundation

/// `watchpost bench voice`: everything that the voice is measured by, in one run, each line with its goal.
///
///     watchpost-sound --bench setup        call set-up, in turn with baresip where it is installed
///                     --bench quality      mouth to ear over two cards of software, real sockets and threads
///                     --bench still        the same speech through losses, in a time of its own
///                     --bench cost         processor and memory of a call
///                     --bench allocations  what a running call allocates
///                     --bench echo         the canceller in generated rooms
///
/// On the tool's main thread. Always true: what could not be measured is said, and does not pass.
package struct VoiceTrial {
    package struct Options: Sendable {
        package var calls = 200
        /// A program with its arguments, one word after the other: it gets REF.wav SEGMENTS HEARD.wav and
        /// prints a line of JSON with `pesq`. nil: nothing is scored.
        package var scorer: [String]?
        /// A library that counts what is allocated (Tests/VoiceQuality/count_malloc.c). nil: not counted.
        package var allocationCounter: String?
        package init() {}
    }

    private let options: Options
    private let voice: Voice
    private let program: String
    private let folder: TemporaryDirectory

    package static func run(_ options: Options, _ voice: Voice) throws(Fault) -> Outcome {
        let trial = VoiceTrial(
            options: options, voice: voice, program: try InstalledProgram.path("watchpost-sound"),
            folder: try TemporaryDirectory("watchpost-voice"))
        defer { trial.folder.remove() }
        var results = try trial.measureSetup()
        results += try trial.measureCost() + trial.measureAllocations()
        if let speech = VoiceSpeech.make(in: trial.folder.path) {
            results += try trial.measureQuality(speech) + trial.measureEcho(speech)
        } else {
            voice.complain("voice: no speech to measure with: espeak-ng and sox are not installed")
            results.append(false)
        }
        return results.allSatisfy { $0 } ? .done : .refused
    }

    // MARK: - One by one

    private func measureSetup() throws(Fault) -> [Bool] {
        try lines(["setup", "\(options.calls)"]).map { figures in
            func at(_ names: String...) -> Double? { figures.number(names) }
            guard let p50 = at("bellMs", "p50"), let p99 = at("bellMs", "p99"),
                let talk50 = at("talkingMs", "p50"), let talk99 = at("talkingMs", "p99")
            else { return tell("setup", figures, goal: "it is measured", false) }
            guard let other50 = at("baresip", "bellMs", "p50"), let other99 = at("baresip", "bellMs", "p99"),
                let otherTalk50 = at("baresip", "talkingMs", "p50"),
                let otherTalk99 = at("baresip", "talkingMs", "p99")
            else {
                return tell(
                    "setup", figures, goal: "p50 and p99 no more than baresip's: not installed", false)
            }
            return tell(
                "setup", figures, goal: "bell and talking: p50 and p99 no more than baresip's in turn",
                p50 <= other50 && p99 <= other99 && talk50 <= otherTalk50 && talk99 <= otherTalk99)
        }
    }

    private func measureCost() throws(Fault) -> [Bool] {
        var passed: [Bool] = []
        for words in [["cost"], ["cost", "srtp"], ["cost", "off"]] {
            passed += try lines(words).map { figures in
                let share = figures.number(["processorPercentPerEnd"]) ?? .infinity
                let resident = figures.number(["residentKiBBothEnds"]) ?? .infinity
                return tell(
                    words.joined(separator: " "), figures, goal: "<= 5 % of a core, <= 18 MB resident",
                    share <= 5 && resident <= 18 * 1_024)
            }
        }
        return passed
    }

    private func measureAllocations() throws(Fault) -> [Bool] {
        guard let counter = options.allocationCounter else {
            voice.complain("voice: allocations are not counted without --malloc (make bench-voice)")
            return []
        }
        return try lines(["allocations"], environment: ["LD_PRELOAD": counter]).map { figures in
            tell(
                "allocations", figures, goal: "0 in a running call",
                figures.number(["allocations"]) == 0 && (figures.number(["frames"]) ?? 0) > 0)
        }
    }

    private func measureQuality(_ speech: VoiceSpeech) throws(Fault) -> [Bool] {
        let own = [0: 4.4, 5: 4.2, 10: 4.0, 20: 3.5]
        let plain = [0: 4.55, 5: 3.95, 10: 3.16, 20: 2.17]
        var passed: [Bool] = []
        let ways: [(name: String, words: [String], goals: [Int: Double], delayMs: Double?)] = [
            ("quality", ["quality", "loss=0"], own, 38),
            ("quality aec", ["quality", "loss=0", "aec"], own, 38),
            ("quality losses", ["quality", "loss=5,10,20"], own, nil),
            ("still", ["still"], own, nil),
            ("still fec", ["still", "fec"], plain, nil),
        ]
        for (number, way) in ways.enumerated() {
            let heard = folder.path + "/heard-\(number)"
            try? FileManager.default.createDirectory(atPath: heard, withIntermediateDirectories: true)
            let words = [way.words[0], speech.wav, heard] + way.words.dropFirst()
            for figures in try lines(words) {
                guard let loss = figures.number(["loss"]).map({ Int($0) }) else { continue }
                var line = figures
                let score = score(speech, "\(heard)/loss\(loss).wav")
                line.add("pesq", score.map { .decimal($0) } ?? .null)
                var goal = "pesq >= \(way.goals[loss] ?? 0)"
                var isGood = score.map { $0 >= way.goals[loss] ?? 0 } ?? false
                if let most = way.delayMs {
                    goal += ", mouth to ear <= \(Int(most)) ms"
                    isGood = isGood && (figures.number(["mouthToEarMs"]) ?? .infinity) <= most
                }
                if score == nil { goal += ": not scored" }
                passed.append(tell(way.name, line, goal: goal, isGood))
            }
        }
        return passed
    }

    private func score(_ speech: VoiceSpeech, _ heard: String) -> Double? {
        guard let scorer = options.scorer, let first = scorer.first else { return nil }
        let words = Array(scorer.dropFirst()) + [speech.wav, speech.segments, heard]
        return Self.output(first, words).flatMap { VoiceFigures($0)?.number(["pesq"]) }
    }

    private func measureEcho(_ speech: VoiceSpeech) throws(Fault) -> [Bool] {
        // Another that may be chosen is shown beside the one that is taken, and not judged.
        for figures in try lines(["echo", speech.far, speech.near, "webrtc"]) {
            var line = JSONLine()
            line.add("bench", "voice")
            line.add("what", "echo of another")
            for field in figures.line.fields { line.add(field.name, field.value) }
            voice.say(line)
        }
        return try lines(["echo", speech.far, speech.near]).map { figures in
            tell(
                "echo", figures, goal: "erle >= 25 dB after 2 s, near end loses < 3 dB",
                (figures.number(["erleDb"]) ?? 0) >= 25 && (figures.number(["nearLossDb"]) ?? .infinity) < 3)
        }
    }

    // MARK: - Asking and telling

    private func lines(_ words: [String], environment: [String: String] = [:]) throws(Fault) -> [VoiceFigures]
    {
        let said = Self.output(program, ["--bench"] + words, environment: environment) ?? ""
        let lines = said.split(separator: "\n").compactMap { VoiceFigures(String($0)) }
        guard !lines.isEmpty else {
            throw Fault(
                "measure", at: "watchpost-sound --bench \(words[0])", cause: "it printed no figures",
                hint: "Run this command by hand; it says why.")
        }
        return lines
    }

    private func tell(_ name: String, _ figures: VoiceFigures, goal: String, _ isGood: Bool) -> Bool {
        var line = JSONLine()
        line.add("bench", "voice")
        line.add("what", name)
        for field in figures.line.fields where field.name != "bench" { line.add(field.name, field.value) }
        line.add("goal", goal)
        line.add("passed", isGood)
        voice.say(line)
        return isGood
    }

    static func output(_ program: String, _ words: [String], environment: [String: String] = [:]) -> String? {
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = words
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardOutput = pipe
        guard (try? process.run()) != nil else { return nil }
        let bytes = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: bytes, as: UTF8.self)
    }
}
