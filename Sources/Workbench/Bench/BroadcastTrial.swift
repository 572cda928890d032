// SPDX-License-Identifier: Apache-2.0
package import Facility

/// `watchpost bench broadcast`: what the day and pages are measured by, each line with its goal.
///
///     watchpost-sound --bench broadcast   two terminals play a day: start error, skew, pre-emption
///                     --bench page        a post pages cells: key to sound, 200 terminals, 5 % loss
///
/// On the tool's main thread. Always true: what could not be measured does not pass.
package struct BroadcastTrial {
    package struct Options: Sendable {
        package var units = 30
        package var cells = 200
        package var rounds = 100
        package init() {}
    }

    private let voice: Voice
    private let program: String

    package static func run(_ options: Options, _ voice: Voice) throws(Fault) -> Outcome {
        let trial = BroadcastTrial(voice: voice, program: try InstalledProgram.path("watchpost-sound"))
        let day = try trial.figures(["broadcast", "\(options.units)"])
        let page = try trial.figures(["page", "\(options.cells)", "\(options.rounds)"])
        let results = [
            trial.tell("startError", day, ["startErrorMs", "max"], goalMs: 200),
            trial.tell("skew", day, ["skewMs", "p95"], goalMs: 0.1),
            trial.tell("preempt", day, ["preemptMs", "max"], goalMs: 200),
            trial.tell("pageKeyToSound", page, ["keyToSoundMs", "p99"], goalMs: 300),
            trial.tell("pagePreempt", page, ["preemptMs", "max"], goalMs: 200),
            trial.tell("pageStartSkew", page, ["startSkewMs", "p99"], goalMs: 20),
            trial.tell("emergencyAtLoss5", page, ["emergencyAtLoss5Ms", "max"], goalMs: 3_000),
        ]
        return results.allSatisfy { $0 } ? .done : .refused
    }

    private func figures(_ words: [String]) throws(Fault) -> VoiceFigures {
        let said = VoiceTrial.output(program, ["--bench"] + words) ?? ""
        guard let figures = said.split(separator: "\n").compactMap({ VoiceFigures(String($0)) }).last else {
            throw Fault(
                "measure", at: "watchpost-sound --bench \(words[0])", cause: "it printed no figures",
                hint: "Run this command by hand; it says why.")
        }
        return figures
    }

    private func tell(_ name: String, _ figures: VoiceFigures, _ way: [String], goalMs: Double) -> Bool {
        let found = figures.number(way)
        let isGood = found.map { $0 <= goalMs } ?? false
        var line = JSONLine()
        line.add("bench", "broadcast")
        line.add("what", name)
        for field in figures.line.fields where field.name == way[0] { line.add(field.name, field.value) }
        for name in ["units", "cells", "rounds", "processorPercent"] {
            for field in figures.line.fields where field.name == name { line.add(name, field.value) }
        }
        line.add("goal", "\(way[1]) <= \(goalMs) ms")
        line.add("passed", isGood)
        voice.say(line)
        return isGood
    }
}
