// SPDX-License-Identifier: Apache-2.0
import Facility
import Yams

/// What zones and terminals of one site owe each other. Lives for one check.
struct SiteRules {
    let sheet: Sheet
    let zones: [ZoneEntry]
    let terminals: [TerminalEntry]
    let ladderSteps: Int?

    func inspect() {
        inspectTerminals()
        inspectPaths()
        for zone in zones { inspect(zone) }
        inspectSilence()
    }

    // MARK: Terminals

    private func inspectTerminals() {
        var ids: [TerminalID: TerminalEntry] = [:]
        var endpoints: [UInt64: TerminalEntry] = [:]
        var keys: [[UInt8]: TerminalEntry] = [:]
        let zoneIDs = Set(zones.map(\.id))
        for entry in terminals {
            let terminal = entry.terminal
            if let first = ids[terminal.id] {
                sheet.note(
                    entry.fields.mark("id"),
                    (
                        "terminal \(terminal.id) stands already in line \(first.place.line)",
                        "终端 \(terminal.id) 已在第 \(first.place.line) 行"
                    ),
                    ("Give each terminal an id of its own", "每个终端使用各自的编号"))
            }
            ids[terminal.id] = ids[terminal.id] ?? entry
            let endpoint = UInt64(terminal.address) << 16 | UInt64(terminal.port)
            if terminal.port != 0, let first = endpoints[endpoint] {
                sheet.note(
                    entry.fields.mark("address"),
                    (
                        "\(first.terminal.id) has this address and port already",
                        "\(first.terminal.id) 已使用此地址和端口"
                    ),
                    (
                        "Give each terminal an address, or on one machine a port, of its own",
                        "每个终端使用各自的地址；同一机器上使用各自的端口"
                    ))
            }
            endpoints[endpoint] = endpoints[endpoint] ?? entry
            if !terminal.publicKey.isEmpty, let first = keys[terminal.publicKey] {
                sheet.note(
                    entry.fields.mark("public-key"),
                    (
                        "\(first.terminal.id) has this public key already: each could forge the other",
                        "\(first.terminal.id) 已使用此公钥：两个终端可以互相伪造报警"
                    ),
                    ("Run 'watchpost keygen' on this terminal", "在本终端运行“watchpost keygen”"))
            }
            keys[terminal.publicKey] = keys[terminal.publicKey] ?? entry
            if !zones.isEmpty, !zoneIDs.contains(terminal.zone) {
                let guess = NearWord.nearest(to: terminal.zone.text, among: zoneIDs.map(\.text).sorted())
                sheet.note(
                    entry.fields.mark("zone"),
                    (
                        "\(terminal.id) is in zone '\(terminal.zone)', which is not under 'zones'",
                        "\(terminal.id) 所在区域“\(terminal.zone)”不在“zones”中"
                    ),
                    guess.map { ("Did you mean '\($0)'?", "是否应为“\($0)”？") } ?? (
                        "Add the zone, or name another", "添加该区域，或改用其他区域"
                    ))
            }
        }
    }

    /// Two daemons on one machine must not write one file. On loopback the demo gives each its own.
    private func inspectPaths() {
        var users: [String: TerminalID] = [:]
        for entry in terminals where entry.terminal.port != 0 && !Scalars.isLoopback(entry.terminal.address) {
            let paths = entry.place.paths
            for (key, path) in [("key", paths.key), ("journal", paths.journal), ("runtime", paths.runtime)] {
                let use = "\(entry.terminal.address) \(path)"
                guard let other = users[use], other != entry.terminal.id else {
                    users[use] = entry.terminal.id
                    continue
                }
                sheet.note(
                    entry.fields.mark(key),
                    (
                        "\(entry.terminal.id) and \(other) are on one machine with one '\(key)'",
                        "\(entry.terminal.id) 与 \(other) 在同一机器上使用同一“\(key)”"
                    ),
                    ("Give '\(key)' a path of its own", "为“\(key)”写一个单独的路径"))
            }
        }
    }

    // MARK: Zones

    private func inspect(_ zone: ZoneEntry) {
        for post in zone.rings.joined() {
            let found = terminals.first { $0.terminal.id == post.id }
            guard found?.terminal.role != .post else { continue }
            let posts = terminals.filter { $0.terminal.role == .post }.map(\.terminal.id.text)
            let guess = NearWord.nearest(to: post.id.text, among: posts)
            sheet.note(
                post.mark,
                found == nil
                    ? (
                        "zone \(zone.id) names '\(post.id)', which is no terminal of this site",
                        "区域 \(zone.id) 写的“\(post.id)”不是本场所的终端"
                    )
                    : (
                        "zone \(zone.id) names '\(post.id)', which is a cell, not a post",
                        "区域 \(zone.id) 写的“\(post.id)”是监室，不是岗位"
                    ),
                guess.map { ("Did you mean '\($0)'?", "是否应为“\($0)”？") } ?? (
                    "Name a terminal with 'role: post'", "写一个“role: post”的终端"
                ))
        }
        let cells = terminals.filter { $0.terminal.zone == zone.id && $0.terminal.role == .cell }
        let hasPost = zone.rings.joined().contains { post in
            terminals.contains { $0.terminal.id == post.id && $0.terminal.role == .post }
        }
        if !cells.isEmpty, !hasPost {
            sheet.note(
                zone.mark,
                (
                    "zone \(zone.id) has \(cells.count) cells and no post hears them",
                    "区域 \(zone.id) 有 \(cells.count) 个监室，但没有岗位接收"
                ),
                ("Name a post of this site in the first ring", "在第一圈写上本场所的岗位"))
        }
        if !terminals.contains(where: { $0.terminal.zone == zone.id }) {
            sheet.warn(
                zone.mark, ("no terminal is in zone \(zone.id)", "区域 \(zone.id) 没有终端"),
                ("Delete the zone, or correct the terminals' 'zone'", "删除该区域，或改正终端的“zone”"))
        }
        if let ladderSteps, zone.rings.count > ladderSteps + 1 {
            sheet.warn(
                zone.mark,
                (
                    "zone \(zone.id) has \(zone.rings.count) rings, the ladder only \(ladderSteps) steps",
                    "区域 \(zone.id) 有 \(zone.rings.count) 圈，但升级阶梯只有 \(ladderSteps) 级"
                ),
                ("Add steps to the ladder, or join rings", "增加阶梯级数，或合并各圈"))
        }
    }

    /// A post in no ring would stay silent for ever.
    private func inspectSilence() {
        let heard = Set(zones.flatMap { $0.rings.joined().map(\.id) })
        for entry in terminals where entry.terminal.role == .post && !heard.contains(entry.terminal.id) {
            sheet.warn(
                entry.fields.mark("id"),
                (
                    "no zone names post \(entry.terminal.id): it hears nothing",
                    "没有区域写到岗位 \(entry.terminal.id)：它收不到报警"
                ),
                ("Name it in a ring of a zone", "在某个区域的圈中写上它"))
        }
    }
}
