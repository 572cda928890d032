// SPDX-License-Identifier: Apache-2.0
import CGPIOD
package import Facility
import Glibc

/// The board's real lines, through libgpiod 1.6 or 2.x. Lives on the line thread.
///
/// Always true: a chip is found by its label and a line by its name, anew each time it is opened, never by a
/// number; a line that cannot be had takes no other with it. An output is first opened inactive, later with
/// the wanted level.
package final class GPIODLineBank: LineBank {
    package let lines: [BoardLine]
    package private(set) var faults: [Int: Fault] = [:]
    package private(set) var retryAt: Uptime? = Uptime(nanoseconds: 0)

    private var chips: [String: OpaquePointer] = [:]
    private var handles: [OpaquePointer?]
    private var wanted: [Bool]
    /// One descriptor for all inputs; -1 while there is none.
    private var join: Int32 = -1
    private var lastTick = Uptime(nanoseconds: 0)
    private var ready = [UInt32](repeating: 0, count: 64)
    private var read = [wp_gpio_edge](repeating: wp_gpio_edge(), count: 64)

    package init(lines: [BoardLine]) {
        self.lines = lines
        handles = Array(repeating: nil, count: lines.count)
        wanted = Array(repeating: false, count: lines.count)
    }

    deinit {
        for handle in handles { if let handle { wp_gpio_line_close(handle) } }
        for chip in chips.values { wp_gpio_chip_close(chip) }
        if join >= 0 { close(join) }
    }

    package var descriptors: [Int32] { join >= 0 ? [join] : [] }

    package func readEdges(into edges: inout [EdgeEvent], max: Int) {
        var room = max
        while room > 0, join >= 0 {
            let count = wp_gpio_join_ready(join, &ready, ready.count)
            guard count > 0 else { return }
            for number in ready[..<Int(count)] where room > 0 {
                room -= readEdges(of: Int(number), into: &edges, max: room)
            }
        }
    }

    private func readEdges(of line: Int, into edges: inout [EdgeEvent], max: Int) -> Int {
        guard let handle = handles[line] else { return 0 }
        let count = wp_gpio_line_read(handle, &read, min(max, read.count))
        guard count >= 0 else {
            // A line that is ready but cannot be read would keep the loop awake: whatever the error, open it
            // anew.
            if -count == ENODEV { loseChip(of: line) } else { loseLine(line, "read edges", error: -count) }
            return 0
        }
        for edge in read[..<Int(count)] {
            edges.append(
                EdgeEvent(
                    line: line, active: edge.active, at: Uptime(nanoseconds: edge.at_ns),
                    sequence: edge.sequence == 0 ? nil : edge.sequence))
        }
        return Int(count)
    }

    package func readLevels(into levels: inout [LineLevel]) {
        levels.removeAll(keepingCapacity: true)
        for line in lines.indices {
            guard let handle = handles[line] else {
                levels.append(.unknown)
                continue
            }
            let value = wp_gpio_line_get(handle)
            if value >= 0 {
                levels.append(LineLevel(value == 1))
            } else {
                levels.append(.unknown)
                if -value == ENODEV {
                    loseChip(of: line)
                    for before in levels.indices where handles[before] == nil { levels[before] = .unknown }
                } else {
                    loseLine(line, "read level", error: -value)
                }
            }
        }
    }

    package func set(_ line: Int, active: Bool) throws(Fault) {
        precondition(lines[line].direction == .output, "only outputs are set")
        wanted[line] = active
        guard let handle = handles[line] else { throw faults[line] ?? GPIODFaults.gone(lines[line]) }
        let result = wp_gpio_line_set(handle, active)
        if result == 0 { return }
        if -result == ENODEV { loseChip(of: line) } else { loseLine(line, "set line", error: -result) }
        throw faults[line] ?? GPIODFaults.gone(lines[line])
    }

    package func tick(now: Uptime) {
        lastTick = now
        guard let retryAt, now >= retryAt else { return }
        // A chip of which nothing is open may have been replaced under its label.
        for (label, chip) in chips where !lines.indices.contains(where: { isOpen($0, on: label) }) {
            wp_gpio_chip_close(chip)
            chips[label] = nil
        }
        if join < 0 { join = max(-1, wp_gpio_join()) }
        var missing: [String: Fault] = [:]
        for line in lines.indices where handles[line] == nil {
            let label = lines[line].chip
            if chips[label] == nil, missing[label] == nil { missing[label] = openChip(label) }
            if let chip = chips[label] { open(line, on: chip) } else { faults[line] = missing[label] }
        }
        self.retryAt = faults.isEmpty ? nil : now.advanced(ms: Limits.chipRetryMs)
    }

    private func isOpen(_ line: Int, on label: String) -> Bool {
        handles[line] != nil && lines[line].chip == label
    }

    private func openChip(_ label: String) -> Fault? {
        var error: Int32 = 0
        var present = [CChar](repeating: 0, count: 256)
        if let chip = wp_gpio_chip_open(label, &present, present.count, &error) {
            chips[label] = chip
            return nil
        }
        let text = String(decoding: present.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        return GPIODFaults.chip(label, error: error, present: text)
    }

    private func open(_ line: Int, on chip: OpaquePointer) {
        let isInput = lines[line].direction == .input
        var wish = wp_gpio_wish(
            input: isInput, active_low: lines[line].activeLow, bias: Self.bias(lines[line].bias),
            initially_active: wanted[line], buffer_count: Limits.edgeBufferCount)
        var error: Int32 = 0
        guard let handle = wp_gpio_line_open(chip, lines[line].line, &wish, &error) else {
            faults[line] = GPIODFaults.line(lines[line], error: error)
            return
        }
        if isInput {
            let joined = join < 0 ? -EMFILE : wp_gpio_join_add(join, wp_gpio_line_fd(handle), UInt32(line))
            if joined < 0 {
                wp_gpio_line_close(handle)
                faults[line] = GPIODFaults.line(lines[line], error: -joined)
                return
            }
        }
        handles[line] = handle
        faults[line] = nil
    }

    private static func bias(_ bias: BoardLine.Bias) -> UInt8 {
        switch bias {
        case .asIs: 0
        case .pullUp: 1
        case .pullDown: 2
        case .disabled: 3
        }
    }

    private func loseLine(_ line: Int, _ operation: String, error: Int32) {
        if let handle = handles[line] { wp_gpio_line_close(handle) }
        handles[line] = nil
        faults[line] = GPIODFaults.unusable(operation, lines[line], error: error)
        retryAt = lastTick.advanced(ms: Limits.chipRetryMs)
    }

    private func loseChip(of line: Int) {
        let label = lines[line].chip
        for other in lines.indices where lines[other].chip == label {
            if let handle = handles[other] { wp_gpio_line_close(handle) }
            handles[other] = nil
            faults[other] = GPIODFaults.gone(lines[other])
        }
        if let chip = chips.removeValue(forKey: label) { wp_gpio_chip_close(chip) }
        retryAt = lastTick.advanced(ms: Limits.chipRetryMs)
    }
}
