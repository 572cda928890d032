// SPDX-License-Identifier: Apache-2.0
import Facility
import Yams

/// One terminal as written, with the places that a finding points at.
struct TerminalEntry {
    var terminal: Terminal
    var place: SiteSheet.Place
    var fields: Fields
    /// What could not be read and has a stand-in, so that rules do not complain about it a second time.
    var isWhole: Bool
}

/// Reads `terminals:` of a site. Lives for one check.
struct TerminalReader {
    static let generate = "generate"
    private static let known = [
        "id", "role", "zone", "title", "address", "public-key", "board", "key", "journal", "runtime", "sip",
        "page",
    ]
    let sheet: Sheet

    func terminals(_ fields: Fields) -> [TerminalEntry] {
        guard let nodes = fields.list("terminals") else { return [] }
        if nodes.isEmpty {
            sheet.note(
                fields.mark("terminals"), ("the site has no terminals", "场所没有终端"),
                ("List at least one cell and one post", "至少列出一个监室和一个岗位"))
        }
        return nodes.compactMap(terminal)
    }

    private func terminal(_ node: Node) -> TerminalEntry? {
        guard
            let fields = sheet.fields(
                node, of: ("a terminal", "终端"), known: Self.known,
                required: ["id", "role", "zone", "title", "address", "public-key", "board"])
        else { return nil }
        let id: TerminalID? = fields.identifier("id")
        let role: TerminalRole? = fields.choice("role", among: [("cell", .cell), ("post", .post)])
        let zone: ZoneID? = fields.identifier("zone")
        let title = fields.text("title")
        let endpoint = endpoint(fields)
        let key = key(fields, of: id)
        let board = boardFile(fields)
        let paths = paths(fields)
        // Without these a terminal cannot be spoken of; the rest gets a stand-in.
        guard let id, let role, let zone else { return nil }
        let isWhole = title != nil && endpoint != nil && key != nil && board != nil
        let terminal = Terminal(
            id: id, role: role, zone: zone, title: title ?? "", address: endpoint?.address ?? 0,
            port: endpoint?.port ?? 0, publicKey: key ?? [])
        let place = SiteSheet.Place(
            id: id, boardFile: board ?? "", paths: paths, lacksKey: key?.isEmpty == true,
            line: fields.mark("id")?.line ?? 1, boardLine: fields.mark("board")?.line ?? 1)
        return TerminalEntry(terminal: terminal, place: place, fields: fields, isWhole: isWhole)
    }

    private func endpoint(_ fields: Fields) -> (address: UInt32, port: UInt16)? {
        guard let text = fields.text("address") else { return nil }
        if let endpoint = Scalars.endpoint(text) { return endpoint }
        sheet.note(
            fields.mark("address"),
            ("'\(text.shown)' is no IPv4 address with a port", "“\(text.shown)”不是带端口的 IPv4 地址"),
            (
                "Write it like 10.20.1.101:7400; names and IPv6 are not used on the alarm path",
                "写成 10.20.1.101:7400；报警通路不使用主机名和 IPv6"
            ))
        return nil
    }

    /// Empty for `generate`.
    func key(_ fields: Fields, of id: TerminalID?) -> [UInt8]? {
        guard let text = fields.text("public-key") else { return nil }
        if text == Self.generate {
            sheet.warn(
                fields.mark("public-key"),
                ("\(id?.text ?? "the terminal") has no public key yet", "\(id?.text ?? "终端")还没有公钥"),
                (
                    "Run 'watchpost keygen' on it and put the 64 digits here; the demo makes its own keys",
                    "在该终端运行“watchpost keygen”，将 64 位数字写在这里；演示会自行生成"
                ))
            return []
        }
        if let key = Scalars.publicKey(text) { return key }
        sheet.note(
            fields.mark("public-key"), ("'\(text.shown)' is no public key", "“\(text.shown)”不是公钥"),
            (
                "Write the 64 hexadecimal digits that 'watchpost keygen' printed on this terminal",
                "写该终端上“watchpost keygen”打印的 64 位十六进制数字"
            ))
        return nil
    }

    private func boardFile(_ fields: Fields) -> String? {
        fields.text("board", max: Limits.pathMaxBytes)
    }

    private func paths(_ fields: Fields) -> TerminalPaths {
        let installed = TerminalPaths.installed
        return TerminalPaths(
            key: path("key", fields) ?? installed.key, journal: path("journal", fields) ?? installed.journal,
            runtime: path("runtime", fields, max: Limits.runtimePathMaxBytes) ?? installed.runtime)
    }

    private func path(_ key: String, _ fields: Fields, max: Int = Limits.pathMaxBytes) -> String? {
        guard let text = fields.text(key, max: max) else { return nil }
        guard text.hasPrefix("/"), text.count > 1 else {
            sheet.note(
                fields.mark(key), ("'\(key)' is no absolute path", "“\(key)”不是绝对路径"),
                ("Begin it with '/', or delete it to use the default", "以“/”开头，或删除以使用默认值"))
            return nil
        }
        return text
    }
}
