// SPDX-License-Identifier: Apache-2.0
import Facility
import Glibc
import Journal
import Testing

/// A directory of its own for each test, gone afterwards.
final class SitePlace {
    let directory: String
    var config: String { directory + "/cell.db" }

    init() throws {
        var template = Array("/tmp/compiled-site-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else {
            throw Fault("make directory", at: "/tmp", cause: "mkdtemp failed", hint: "Make /tmp writable.")
        }
        directory = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit {
        for suffix in ["", ".new", ".previous", ".previous.new", "-journal"] { unlink(config + suffix) }
        rmdir(directory)
    }

    func bytes() -> [UInt8] {
        let file = open(config, O_RDONLY)
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: 1 << 20)
        let count = Glibc.read(file, &bytes, bytes.count)
        return Array(bytes.prefix(max(0, count)))
    }

    func put(_ bytes: [UInt8]) {
        let file = open(config, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        defer { close(file) }
        #expect(Glibc.write(file, bytes, bytes.count) == bytes.count)
    }
}

func identifier<Kind>(_ text: String) throws -> Identifier<Kind> { try #require(Identifier<Kind>(text)) }

func makeSiteConfig(version: Int64 = 1) throws -> TerminalConfig {
    let terminals = try [("cell-101", TerminalRole.cell), ("post-a", .post), ("post-b", .post)].enumerated()
        .map {
            Terminal(
                id: try identifier($1.0), role: $1.1, zone: try identifier("ward-1"), title: "一监区 \($1.0)",
                address: 0x7f00_0001,
                port: UInt16(7_401 + $0), publicKey: [UInt8](repeating: UInt8($0 + 1), count: 32))
        }
    func line(_ name: String, _ duty: LineDuty, partner: String? = nil) throws -> BoardDuty {
        BoardDuty(
            line: BoardLine(
                name: try identifier(name), chip: "pinctrl-rp1", line: "GPIO-" + name,
                direction: duty.isOutput ? .output : .input, activeLow: !duty.isOutput, bias: .pullUp),
            duty: duty, partner: try partner.map { try identifier($0) })
    }
    return TerminalConfig(
        version: version, terminal: try identifier("cell-101"),
        site: Site(
            name: "拘留所", terminals: terminals,
            rings: [
                try identifier("ward-1"): [[try identifier("post-a")], [try identifier("post-b")]],
                try identifier("empty"): [[], []],
            ],
            ladderMs: [30_000, 60_000], officers: [Officer(id: try identifier("P1042"), name: "王建国")],
            zoneTitles: [try identifier("ward-1"): "一监区"]),
        board: Board(
            name: "Pi", kind: .gpiod,
            duties: [
                try line("button", .emergencyButton, partner: "nc"), try line("nc", .supervision),
                try line("lamp", .assuranceLamp),
            ]),
        keyPath: "/k", journalPath: "/j", runtimePath: "/r", operators: ["panel", "duty"])
}
