// SPDX-License-Identifier: Apache-2.0
import Facility
import GPIO
import Glibc

/// The board that the tests of this room use: two buttons (one supervised) and two lamps.
enum TestLines {
    static let button = 0
    static let closedOne = 1
    static let tamper = 2
    static let lamp = 3
    static let buzzer = 4

    static let all: [BoardLine] = [
        line("button", .input), line("button-nc", .input), line("tamper", .input), line("lamp", .output),
        line("buzzer", .output),
    ]

    static func line(_ name: String, _ direction: BoardLine.Direction) -> BoardLine {
        BoardLine(
            name: PointName(name)!, chip: "gpio-cell", line: name.uppercased(), direction: direction,
            activeLow: false, bias: .asIs)
    }
}

/// A directory of its own, removed with the value.
final class TemporaryPlace {
    let path: String

    init() {
        var name = Array("/tmp/watchpost-gpio-XXXXXX".utf8CString)
        precondition(mkdtemp(&name) != nil)
        path = String(decoding: name.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    var board: String { path + "/board" }

    deinit {
        for file in ["board", "board.sock"] { unlink(path + "/" + file) }
        rmdir(path)
    }
}

func ms(_ value: Int) -> Uptime { Uptime(nanoseconds: UInt64(value) * 1_000_000) }

extension LineBank {
    func edges(max: Int = 1_000) -> [EdgeEvent] {
        var edges: [EdgeEvent] = []
        readEdges(into: &edges, max: max)
        return edges
    }

    func levels() -> [LineLevel] {
        var levels: [LineLevel] = []
        readLevels(into: &levels)
        return levels
    }
}
