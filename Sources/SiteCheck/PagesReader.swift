// SPDX-License-Identifier: Apache-2.0
import Facility
import Yams

/// Reads `pages:` below `sound:` of a site. Lives for one check.
struct PagesReader {
    let sheet: Sheet
    let zones: [ZoneEntry]
    let terminals: [TerminalEntry]

    private static let codecs: [(String, PageCodec)] = [
        ("opus", .opus), ("g722", .g722), ("pcma", .pcma), ("pcmu", .pcmu),
    ]
    private static let ranks: [(String, SoundRank)] = [
        ("background", .background), ("routine", .routine), ("page", .livePage),
        ("emergency", .emergencyPage),
    ]
    private static let defaultPort: UInt16 = 5_062

    func pages(_ sound: Fields) -> PagePlan? {
        guard let node = sound["pages"],
            let fields = sheet.fields(
                node, of: ("'pages'", "“pages”"),
                known: ["group", "codec", "ttl", "tone", "port", "unicast", "receivers", "senders"],
                required: ["group"]), let group = group(fields)
        else { return nil }
        var plan = PagePlan(
            group: group, ttl: UInt8(number("ttl", fields, 0...255) ?? 1),
            toneMs: UInt16(tone(fields) ?? 1_000), ports: ports(fields))
        plan.unicast = Set(unicast(fields))
        plan.receivers = list("receivers", ("a receiver", "接收设备"), ["codec"], fields).map {
            PagePlan.Receiver(name: $0.name, group: $0.group, zones: $0.zones)
        }
        let senders = list("senders", ("a sender", "发送设备"), ["codec", "rank", "from"], fields)
        plan.senders = senders.map { entry in
            PagePlan.Sender(
                name: entry.name, group: entry.group,
                rank: entry.fields.choice("rank", among: Self.ranks) ?? .livePage,
                source: source(entry.fields) ?? 0, zones: entry.zones)
        }
        return plan
    }

    // MARK: - Our own

    private func group(_ fields: Fields) -> PageGroup? {
        guard let text = fields.text("group") else { return nil }
        guard let place = Scalars.group(text) else {
            sheet.note(
                fields.mark("group"),
                ("'\(text.shown)' is no multicast group with a port", "“\(text.shown)”不是带端口的组播地址"),
                ("Write it like 239.192.71.1:5004", "写成 239.192.71.1:5004"))
            return nil
        }
        return PageGroup(
            address: place.address, port: place.port,
            codec: fields.choice("codec", among: Self.codecs) ?? .opus)
    }

    private func ports(_ fields: Fields) -> [TerminalID: UInt16] {
        let common = number("port", fields, 1...65_535).map { UInt16($0) } ?? Self.defaultPort
        var ports: [TerminalID: UInt16] = [:]
        var taken: [String: TerminalID] = [:]
        for entry in terminals {
            let port = number("page", entry.fields, 1...65_535).map { UInt16($0) } ?? common
            ports[entry.terminal.id] = port
            let place = Scalars.endpointText(entry.terminal.address, port)
            if let other = taken[place] {
                sheet.note(
                    entry.fields.mark("page"),
                    (
                        "\(entry.terminal.id) is told of pages at \(place) like \(other)",
                        "\(entry.terminal.id) 与 \(other) 的广播地址相同：\(place)"
                    ), ("Give it a port of its own: 'page: 5063'", "给它单独的端口：“page: 5063”"))
            }
            taken[place] = entry.terminal.id
        }
        return ports
    }

    private func tone(_ fields: Fields) -> Int? {
        guard let text = fields.text("tone") else { return nil }
        if let ms = Scalars.milliseconds(text), ms <= Limits.pagingToneMaxMs { return ms }
        sheet.note(
            fields.mark("tone"), ("'\(text.shown)' is no length of a tone", "“\(text.shown)”不是提示音时长"),
            ("Write 0s to \(Limits.pagingToneMaxMs / 1_000)s", "写 0s 至 \(Limits.pagingToneMaxMs / 1_000)s"))
        return nil
    }

    private func unicast(_ fields: Fields) -> [TerminalID] {
        (fields["unicast"] == nil ? [] : fields.list("unicast") ?? []).compactMap { node in
            guard let id: TerminalID = sheet.identifier(node, of: ("a terminal", "终端")) else { return nil }
            if terminals.contains(where: { $0.terminal.id == id }) { return id }
            sheet.note(
                node.mark, ("there is no terminal \(id)", "没有终端 \(id)"),
                ("Name one of 'terminals:'", "应为“terminals:”中的名称"))
            return nil
        }
    }

    // MARK: - Those of others

    private func list(
        _ key: String, _ owner: (String, String), _ optional: [String], _ fields: Fields
    ) -> [(name: String, group: PageGroup, zones: [ZoneID], fields: Fields)] {
        let nodes = fields[key] == nil ? [] : fields.list(key) ?? []
        if nodes.count > Limits.pagingGroupsMaxCount {
            sheet.note(
                fields.mark(key), ("'\(key)' lists \(nodes.count) groups", "“\(key)”列出了 \(nodes.count) 个组"),
                (
                    "List at most \(Limits.pagingGroupsMaxCount)",
                    "最多 \(Limits.pagingGroupsMaxCount) 个"
                ))
        }
        return nodes.prefix(Limits.pagingGroupsMaxCount).compactMap { node in
            guard
                let entry = sheet.fields(
                    node, of: owner, known: ["name", "group", "zones"] + optional,
                    required: ["name", "group"]), let name = entry.text("name"), let group = group(entry)
            else { return nil }
            return (name, group, zoneList(entry), entry)
        }
    }

    /// Left out: all of them.
    private func zoneList(_ fields: Fields) -> [ZoneID] {
        guard fields["zones"] != nil else { return zones.map(\.id).sorted() }
        return (fields.list("zones") ?? []).compactMap { node in
            guard let id: ZoneID = sheet.identifier(node, of: ("a zone", "区域编号")) else { return nil }
            if zones.contains(where: { $0.id == id }) { return id }
            sheet.note(
                node.mark, ("there is no zone \(id)", "没有区域 \(id)"),
                ("Name one of 'zones:'", "应为“zones:”中的编号"))
            return nil
        }
    }

    private func source(_ fields: Fields) -> UInt32? {
        guard let text = fields.text("from") else { return nil }
        if let place = Scalars.endpoint(text + ":1") { return place.address }
        sheet.note(
            fields.mark("from"), ("'\(text.shown)' is no IPv4 address", "“\(text.shown)”不是 IPv4 地址"),
            ("Write the sender's address, like 10.20.1.9", "写发送设备的地址，例如 10.20.1.9"))
        return nil
    }

    private func number(_ key: String, _ fields: Fields, _ range: ClosedRange<Int>) -> Int? {
        guard let text = fields.text(key) else { return nil }
        if let number = Int(text), range.contains(number), "\(number)" == text { return number }
        sheet.note(
            fields.mark(key), ("'\(text.shown)' does not fit '\(key)'", "“\(text.shown)”不适用于“\(key)”"),
            (
                "Write a number from \(range.lowerBound) to \(range.upperBound)",
                "写 \(range.lowerBound) 至 \(range.upperBound) 的数字"
            ))
        return nil
    }
}
