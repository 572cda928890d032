// SPDX-License-Identifier: Apache-2.0
import AlarmAgent
import DeskLink
package import Facility
import Foundation
import Journal

/// The alarm agent in a process whose cooperative pool is taken: half of its tasks spin, half sit in blocking
/// calls. It shows that nothing of the alarm's path ever waits for that pool.
package enum BusyAgent {
    package static func run(configuration: String, sent: String?) throws(Fault) {
        for number in 0..<64 {
            Task.detached {
                while true {
                    if number.isMultiple(of: 2) { pause(ms: 1_000) } else { spin() }
                }
            }
        }
        try AlarmTerminal.run(SitePlaces(installed: configuration, sent: sent))
    }

    private static func spin() {
        let end = Uptime.now.advanced(ms: 100)
        while Uptime.now < end {}
    }
}
