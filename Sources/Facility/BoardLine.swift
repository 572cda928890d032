// SPDX-License-Identifier: Apache-2.0

/// One GPIO line as a board's maker names it: chip by label, line by name, never by number (chips' numbers
/// change at boot). Only where a chip has no names for its lines does its maker's own number stand in.
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
    /// The kernel's name of the line: `GPIO17`; or `nameless(3)`.
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

    /// Line `offset` of a chip that has no names for them, as the shim reads it: `#3`.
    package static func nameless(_ offset: Int) -> String { "#\(offset)" }

    package static func isNameless(_ line: String) -> Bool { line.hasPrefix("#") }
}
