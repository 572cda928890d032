// SPDX-License-Identifier: Apache-2.0

/// One GPIO line as a board's maker names it: chip by label, line by name, never by number (numbers change at
/// boot).
package struct BoardLine: Hashable, Sendable {
    package enum Direction: UInt8, Sendable, CaseIterable, Hashable {
        case input = 1
        case output = 2
    }

    package enum Bias: UInt8, Sendable, CaseIterable, Hashable {
        case asIs = 1
        case pullUp = 2
        case pullDown = 3
        case disabled = 4
    }

    /// Our name: `button`.
    package var name: PointName
    /// The chip's label: `pinctrl-bcm2711`.
    package var chip: String
    /// The kernel's name of the line: `GPIO17`.
    package var line: String
    package var direction: Direction
    package var activeLow: Bool
    package var bias: Bias

    package init(
        name: PointName, chip: String, line: String, direction: Direction, activeLow: Bool, bias: Bias
    ) {
        self.name = name
        self.chip = chip
        self.line = line
        self.direction = direction
        self.activeLow = activeLow
        self.bias = bias
    }
}
