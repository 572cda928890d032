// SPDX-License-Identifier: Apache-2.0
import Audio
import CLinux
import Facility
import Glibc

/// The benches of the voice path: what `watchpost-sound --bench …` runs. Prints one line of JSON.
///
///     quality IN.wav OUTFOLDER [loss=0,5,10,20] [red|fec|plain] [ms=10]   speech through calls, for PESQ
///     still IN.wav OUTFOLDER …                                            the same in a time of its own
///     delay [ms=10]                                                       mouth to ear over two simulated cards
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
            default: print("{\"error\": \"quality\"}")
            }
        } catch {
            print("{\"error\": \"\(error)\"}")
        }
    }

    static func value(_ name: String, _ arguments: [String]) -> String? {
        arguments.first { $0.hasPrefix(name + "=") }.map { String($0.dropFirst(name.count + 1)) }
    }
}
