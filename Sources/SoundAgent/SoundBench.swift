// SPDX-License-Identifier: Apache-2.0
package import Facility
import Intercom

/// The hidden measurements of this program, which `watchpost bench voice` and `broadcast` start; each prints
/// JSON lines.
package enum SoundBench {
    package static func run(_ name: String, _ arguments: [String]) throws(Fault) {
        switch name {
        case "setup": try SetupBench.run(arguments)
        case "ring": try SetupBench.run(arguments, rings: true)
        case "broadcast": try BroadcastBench.run(arguments)
        case "page": try PageBench.run(arguments)
        case "proof": try ProofBench.run(arguments)
        case "broadcast-terminal": try BroadcastTerminal.run(arguments)
        default: VoiceBench.run([name] + arguments)
        }
    }
}
