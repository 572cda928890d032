// SPDX-License-Identifier: Apache-2.0
import Audio
import CLinux
import CVoiceDSP
import Facility
import Glibc

/// What a running call costs, and how long a voice is on its way: two sessions of this process, in real time.
enum CallBench {
    /// Allocations in 5 s of a call that runs, all threads; needs Tests/VoiceQuality/count_malloc.c
    /// preloaded.
    static func allocations(_ arguments: [String]) throws(Fault) {
        typealias Count = @convention(c) () -> UInt
        guard let symbol = dlsym(nil, "wp_malloc_count") else {
            return print("{\"error\": \"LD_PRELOAD count_malloc.so\"}")
        }
        let count = unsafeBitCast(symbol, to: Count.self)
        let call = try BenchCall(terms(arguments))
        call.near.says(tone(), fromNs: 0, repeats: true)
        call.far.says(tone(), fromNs: 0, repeats: true)
        call.begin()
        SoundThread.pause(ms: 3_000)
        let (before, frames) = (count(), call.answerer.report().framesCaptured)
        SoundThread.pause(ms: 5_000)
        let (after, more) = (count(), call.answerer.report().framesCaptured)
        call.end()
        let moved = (more - frames) / (call.rateHz / 100) * 2
        print(
            "{\"allocations\": \(after - before), \"frames\": \(moved), \"lossPercent\": \(loss(arguments))}")
    }

    /// Processor time, memory and the delay as the session itself reckons it.
    static func cost(_ arguments: [String]) throws(Fault) {
        let call = try BenchCall(terms(arguments))
        call.near.says(tone(), fromNs: 0, repeats: true)
        call.begin()
        SoundThread.pause(ms: 3_000)
        let (processor, began) = (wp_processor_ns(), wp_uptime_ns())
        SoundThread.pause(ms: 10_000)
        let share = Double(wp_processor_ns() - processor) / Double(wp_uptime_ns() - began) * 100
        let report = call.answerer.report()
        let resident = wp_resident_bytes() / 1_024
        call.end()
        print(
            "{\"processorPercentPerEnd\": \(EchoBench.oneDecimal(share / 2)),",
            "\"residentKiBBothEnds\": \(resident),",
            "\"mouthToEarMs\": \(EchoBench.oneDecimal(report.mouthToEarMs)),",
            "\"cardRecoveries\": \(report.cardRecoveries), \"concealed\": \(report.framesConcealed)}")
    }

    /// A call over ALSA for so many seconds: NEAR.capture is spoken into, FAR.playback is heard.
    static func alsa(_ arguments: [String]) throws(Fault) {
        guard arguments.count >= 3, let seconds = Int(arguments[2]) else {
            return print("{\"error\": \"NEAR FAR SECONDS\"}")
        }
        var terms = terms(arguments)
        if !arguments.contains("aec") { terms.settings.canceller = .off }
        terms.settings.suppressesNoise = false
        terms.cards = (
            .alsa(capture: arguments[0], playback: "null"), .alsa(capture: "null", playback: arguments[1])
        )
        let call = try BenchCall(terms)
        call.begin()
        SoundThread.pause(ms: seconds * 1_000)
        let report = call.answerer.report()
        let (near, far) = (call.caller.report(), report)
        call.end()
        print(
            "{\"mouthToEarMs\": \(EchoBench.oneDecimal(report.mouthToEarMs)),",
            "\"bufferMs\": \(report.bufferMs),",
            "\"concealed\": \(report.framesConcealed), \"captureRecoveries\": \(near.cardRecoveries),",
            "\"playbackRecoveries\": \(far.cardRecoveries), \"residentKiB\": \(wp_resident_bytes() / 1_024),",
            "\"trouble\": \"\(near.cardTrouble ?? far.cardTrouble ?? "none")\"}")
    }

    private static func loss(_ arguments: [String]) -> Int {
        Int(VoiceBench.value("loss", arguments) ?? "") ?? 0
    }

    private static func terms(_ arguments: [String]) -> BenchCall.Terms {
        var terms = BenchCall.Terms()
        terms.lossPercent = loss(arguments)
        terms.settings.sampleRateHz = Int(VoiceBench.value("rate", arguments) ?? "") ?? 16_000
        terms.settings.canceller =
            arguments.contains("off") ? .off : arguments.contains("speex") ? .speex : .adaptive
        if arguments.contains("srtp") { terms.srtp = .gcm128 }
        terms.near.room = [0, 0, 0.3]
        terms.far.room = [0, 0, 0.3]
        return terms
    }

    /// Noise that comes and goes: nothing is saved on silence.
    private static func tone() -> [Int16] {
        var state: UInt32 = 1
        return (0..<16_000).map { index in
            state = state &* 1_664_525 &+ 1_013_904_223
            return Int16(truncatingIfNeeded: Int(state >> 18) - 8_192) / (index / 2_000 % 2 == 0 ? 1 : 4)
        }
    }
}
