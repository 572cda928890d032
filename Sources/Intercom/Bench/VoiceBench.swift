// SPDX-License-Identifier: Apache-2.0
import Audio
import CLinux
import Facility
import Glibc

/// The benches of the voice path: what `watchpost-sound --bench …` runs. Each prints lines of JSON.
///
///     quality IN.wav FOLDER [loss=0,5,10,20] [fec|plain|g722|pcmu] [aec|speex] [srtp] [ms=10] [rate=16000]
///                        speech through real calls, one for each loss, for PESQ (and the delay)
///     still IN.wav FOLDER …              the same in a time of its own, without cards and sockets
///     echo FAR.wav NEAR.wav [speex]      the canceller in generated rooms
///     cost [off|speex] [srtp]            processor, memory, delay of a call
///     allocations [loss=0] [srtp]        what a running call allocates: nothing
///     alsa NEAR FAR SECONDS [rate=48000] a call over ALSA (Tests/VoiceQuality/alsa_call.py)
package enum VoiceBench {
    package static func run(_ arguments: [String]) {
        do {
            switch arguments.first {
            case "allocations": try CallBench.allocations(Array(arguments.dropFirst()))
            case "cost": try CallBench.cost(Array(arguments.dropFirst()))
            case "alsa": try CallBench.alsa(Array(arguments.dropFirst()))
            case "echo": try EchoBench.run(Array(arguments.dropFirst()))
            case "still": try StillBench.run(Array(arguments.dropFirst()))
            case "quality": try QualityBench.run(Array(arguments.dropFirst()))
            default: print("{\"error\": \"quality, still, echo, cost, allocations or alsa\"}")
            }
        } catch {
            print("{\"error\": \"\(error)\"}")
        }
    }

    static func value(_ name: String, _ arguments: [String]) -> String? {
        arguments.first { $0.hasPrefix(name + "=") }.map { String($0.dropFirst(name.count + 1)) }
    }
}
