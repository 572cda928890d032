// SPDX-License-Identifier: Apache-2.0
package import Facility

/// The board's real lines, through libgpiod. Lives on the line thread.
package final class GPIODLineBank: LineBank {
    package let lines: [BoardLine]
    package private(set) var descriptors: [Int32] = []
    package private(set) var faults: [Int: Fault] = [:]
    package private(set) var retryAt: Uptime?

    package init(lines: [BoardLine]) { self.lines = lines }

    package func readEdges(into edges: inout [EdgeEvent], max: Int) {}
    package func readLevels(into levels: inout [LineLevel]) {}
    package func set(_ line: Int, active: Bool) throws(Fault) {}
    package func tick(now: Uptime) {}
}
