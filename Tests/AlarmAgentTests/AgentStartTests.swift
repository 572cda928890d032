// SPDX-License-Identifier: Apache-2.0
import CLinux
import Facility
import Testing

@testable import AlarmAgent

/// The start itself opens real files: WorkbenchTests run the daemon.
@Suite struct AgentStartTests {
    @Test func technician_isAdvised_whenTheLatchIsOnADisk() {
        let advice = AlarmTerminal.adviceOnMemory("/var/lib/x", isMemory: 0)
        #expect(advice?.place == "/var/lib/x" && advice?.hint.contains("/run") == true)
        #expect(AlarmTerminal.adviceOnMemory("/run/x", isMemory: 1) == nil)
        #expect(AlarmTerminal.adviceOnMemory("/run/x", isMemory: -2) == nil, "nobody can tell")
    }

    @Test func memory_isToldFromOtherFileSystems() {
        #expect(wp_is_memory("/dev/shm") == 1)
        #expect(wp_is_memory("/proc") == 0)
        #expect(wp_is_memory("/nowhere") < 0)
    }
}
