// SPDX-License-Identifier: Apache-2.0
import Audio
import CLinux
import CVoiceDSP
import Facility

/// Speech through one call for each loss, all at once, in real time: what comes out is written beside it for
/// PESQ.
enum QualityBench {
    static func run(_ arguments: [String]) throws(Fault) {
        guard arguments.count >= 2 else { return print("{\"error\": \"IN.wav OUTFOLDER\"}") }
        var terms = BenchCall.Terms()
        terms.settings.sampleRateHz = Int(VoiceBench.value("rate", arguments) ?? "") ?? 16_000
        terms.settings.canceller =
            arguments.contains("aec") ? .adaptive : arguments.contains("speex") ? .speex : .off
        terms.settings.opusBitsPerSecond = Int(VoiceBench.value("bits", arguments) ?? "") ?? 48_000
        terms.frameMs = Int(VoiceBench.value("ms", arguments) ?? "") ?? 10
        if arguments.contains("fec") {
            terms.codec = .opus(payloadType: 111, fec: true, stereo: false)
            terms.redundancy = nil
        } else if arguments.contains("plain") {
            terms.redundancy = nil
        } else if arguments.contains("g722") {
            terms.codec = .g722(payloadType: 9)
            terms.redundancy = nil
        } else if arguments.contains("pcmu") {
            terms.codec = .pcmu(payloadType: 0)
            terms.redundancy = nil
        }
        if arguments.contains("srtp") { terms.srtp = .gcm128 }
        let speech = try Clip.read(path: arguments[0], rateHz: terms.settings.sampleRateHz)
        let losses = (VoiceBench.value("loss", arguments) ?? "0,5,10,20").split(separator: ",").compactMap {
            Int($0)
        }
        var calls: [BenchCall] = []
        for loss in losses {
            terms.lossPercent = loss
            calls.append(try BenchCall(terms))
        }
        let processor = wp_processor_ns()
        let began = wp_uptime_ns()
        for call in calls { call.begin() }
        let start = (wp_uptime_ns() / 1_000_000_000 + 2) * 1_000_000_000
        for call in calls { call.near.says(speech, fromNs: start) }
        var heard = [[Int16]](repeating: [], count: calls.count)
        let rate = terms.settings.sampleRateHz
        while heard[0].count < speech.count + rate / 2 {
            let from = start + UInt64(heard[0].count) * 1_000_000_000 / UInt64(rate)
            wp_wait_until_ns(from + 1_200_000_000)
            for index in calls.indices {
                heard[index] += calls[index].far.loudspeaker.listen(fromNs: from, count: rate, rateHz: rate)
            }
        }
        let share = Double(wp_processor_ns() - processor) / Double(wp_uptime_ns() - began) * 100
        for index in calls.indices {
            let report = calls[index].answerer.report()
            calls[index].end()
            try Clip.write(heard[index], rateHz: rate, path: "\(arguments[1])/loss\(losses[index]).wav")
            print(
                "{\"loss\": \(losses[index]), \"lost\": \(report.packetsLost),",
                "\"received\": \(report.packetsReceived),",
                "\"concealed\": \(report.framesConcealed), \"recovered\": \(report.framesRecovered),",
                "\"late\": \(report.packetsLate), \"waitMs\": \(report.bufferMs),",
                "\"mouthToEarMs\": \(report.mouthToEarMs),",
                "\"cardRecoveries\": \(report.cardRecoveries)}")
        }
        print("{\"processorPercentPerCall\": \(share / Double(calls.count) / 2)}")
    }
}
