// SPDX-License-Identifier: Apache-2.0
import CLinux
import Facility
import Glibc

/// How a `BoardLine` stands in the simulated board's page, and back. Pure.
extension wp_board_line {
    /// Texts longer than the page's fields are cut: the kernel's own names are no longer.
    init(_ line: BoardLine) {
        self.init()
        Self.fill(&chip, line.chip, keepingZero: true)
        Self.fill(&self.line, line.line, keepingZero: true)
        Self.fill(&name, line.name.text, keepingZero: false)
        output = line.direction == .output
        active_low = line.activeLow
        bias = line.bias.rawValue
    }

    /// `nil` when the page holds no name: it is being made anew.
    var boardLine: BoardLine? {
        guard let name = PointName(Self.text(name)) else { return nil }
        return BoardLine(
            name: name, chip: Self.text(chip), line: Self.text(line), direction: output ? .output : .input,
            activeLow: active_low, bias: BoardLine.Bias(rawValue: bias) ?? .asIs)
    }

    private static func fill<Field>(_ field: inout Field, _ text: String, keepingZero: Bool) {
        // SAFETY: the bytes are those of a C array inside this value; they are not kept beyond the closure.
        withUnsafeMutableBytes(of: &field) { bytes in
            let room = bytes.count - (keepingZero ? 1 : 0)
            for (index, byte) in text.utf8.prefix(room).enumerated() { bytes[index] = byte }
        }
    }

    private static func text<Field>(_ field: Field) -> String {
        // SAFETY: the bytes are those of a C array inside this value; the text is a copy.
        withUnsafeBytes(of: field) { bytes in String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self) }
    }
}

/// The words for what a simulated board refuses.
enum BoardPageFaults {
    static func open(_ path: String, error: Int32) -> Fault {
        switch error {
        case EBUSY:
            Fault(
                "hold board", at: path, cause: "another agent has this simulated board",
                hint: "Stop the other agent, or give this one a board file of its own.")
        case EEXIST, EINVAL:
            Fault(
                "open board", at: path, cause: "the file is something else than a simulated board",
                hint: "Name another path; a file that is no board is not overwritten.")
        case ENOENT:
            Fault(
                "open board", at: path, cause: "no agent has made this simulated board yet",
                hint: "Start the agent with this path; it makes the board.")
        case EACCES, EPERM:
            Fault(
                "open board", at: path, cause: "not allowed",
                hint: "Use the agent's user or join its group.")
        default:
            Fault(
                "open board", at: path, cause: GPIODFaults.words(error),
                hint: "Check that the directory exists and the file system has room.")
        }
    }

    static func unplugged(_ line: BoardLine) -> Fault {
        Fault(
            "use line", at: "\(line.chip)/\(line.line) (\(line.name))",
            cause: "the simulated board is unplugged",
            hint: "Plug it in again; it is opened by itself then.")
    }
}
