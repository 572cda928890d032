// SPDX-License-Identifier: Apache-2.0
package import Facility

/// A plain site of n cells and m posts, made by a program: for tests and benches. Addresses, keys and paths
/// are filled in by `LoopbackSite`.
///
/// Cells `cell-1`…, posts `post-1`…, one zone; `post-1` hears every cell at once, each further post is a
/// further ring, unless `allPostsAtOnce`. Officers `P1` and `P2`.
package enum TestSite {
    package static let zone = id("ward-1", ZoneID.self)

    /// Names of the cells' lines that tests press and look at.
    package static let button = id("button", PointName.self)
    package static let call = id("call", PointName.self)
    package static let lamp = id("lamp", PointName.self)

    package static func cell(_ number: Int) -> TerminalID { id("cell-\(number)", TerminalID.self) }
    package static func post(_ number: Int) -> TerminalID { id("post-\(number)", TerminalID.self) }

    package static func configs(
        cells: Int, posts: Int, ladderMs: [Int] = Limits.ladderDefaultMs, allPostsAtOnce: Bool = false,
        attendanceWired: Bool = false
    ) -> [TerminalConfig] {
        let cellIDs = (0..<cells).map { cell($0 + 1) }
        let postIDs = (0..<posts).map { post($0 + 1) }
        let site = Site(
            name: "test",
            terminals: cellIDs.map { terminal($0, .cell) } + postIDs.map { terminal($0, .post) },
            rings: [zone: allPostsAtOnce ? [postIDs] : postIDs.map { [$0] }], ladderMs: ladderMs,
            officers: [
                Officer(id: id("P1", OfficerID.self), name: "张警官"),
                Officer(id: id("P2", OfficerID.self), name: "李警官"),
            ])
        let cellBoard = cellBoard(attendanceWired: attendanceWired)
        return cellIDs.map { config($0, site, cellBoard) } + postIDs.map { config($0, site, postBoard) }
    }

    /// Texts written here are names; anything else is a programming error.
    private static func id<Kind>(_ text: String, _ type: Identifier<Kind>.Type) -> Identifier<Kind> {
        guard let id = Identifier<Kind>(text) else { preconditionFailure("\(text) is no name") }
        return id
    }

    private static func terminal(_ id: TerminalID, _ role: TerminalRole) -> Terminal {
        Terminal(
            id: id, role: role, zone: zone, title: id.text, address: 0x7f00_0001, port: 0,
            publicKey: [UInt8](repeating: 0, count: 32))
    }

    private static func config(_ id: TerminalID, _ site: Site, _ board: Board) -> TerminalConfig {
        TerminalConfig(
            version: 1, terminal: id, site: site, board: board, keyPath: "", journalPath: "", runtimePath: "",
            operators: [])
    }

    private static func duty(_ name: String, _ duty: LineDuty) -> BoardDuty {
        BoardDuty(
            line: BoardLine(
                name: id(name, PointName.self), chip: "simulated", line: name,
                direction: duty.isOutput ? .output : .input, activeLow: false,
                bias: duty.isOutput ? .asIs : .pullDown),
            duty: duty)
    }

    private static func cellBoard(attendanceWired: Bool) -> Board {
        Board(
            name: "test-cell", kind: .simulated,
            duties: [
                duty("call", .cellCallButton), duty("button", .emergencyButton), duty("tamper", .tamper),
                duty("lamp", .assuranceLamp),
            ] + (attendanceWired ? [duty("door", .attendance)] : []))
    }

    private static let postBoard = Board(
        name: "test-post", kind: .simulated,
        duties: [
            duty("duress", .duressButton), duty("ack", .acknowledgeKey), duty("silence", .silenceKey),
            duty("attend", .attendKey), duty("clear", .clearKey), duty("test", .buzzerTestKey),
            duty("buzzer", .buzzer), duty("alarm-lamp", .alarmLamp), duty("trouble-lamp", .troubleLamp),
        ])
}
