// SPDX-License-Identifier: Apache-2.0
package import Facility

/// The lines of a simulated board: a page in a file and a socket beside it. Lives on the line thread.
package final class SimulatedLineBank: LineBank {
    package let path: String
    package let lines: [BoardLine]
    package private(set) var descriptors: [Int32] = []
    package private(set) var faults: [Int: Fault] = [:]
    package private(set) var retryAt: Uptime?

    package init(path: String, lines: [BoardLine]) {
        self.path = path
        self.lines = lines
    }

    package func readEdges(into edges: inout [EdgeEvent], max: Int) {}
    package func readLevels(into levels: inout [LineLevel]) {}
    package func set(_ line: Int, active: Bool) throws(Fault) {}
    package func tick(now: Uptime) {}
}
