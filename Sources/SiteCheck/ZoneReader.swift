// SPDX-License-Identifier: Apache-2.0
import Facility
import Yams

/// One zone as written, with the places that a finding points at.
struct ZoneEntry {
    struct Post {
        var id: TerminalID
        var mark: Mark?
    }
    var id: ZoneID
    var mark: Mark?
    var title: String
    var rings: [[Post]]
}

/// Reads `zones:` of a site. Lives for one check.
struct ZoneReader {
    let sheet: Sheet

    func zones(_ fields: Fields) -> [ZoneEntry] {
        guard let node = fields["zones"] else { return [] }
        guard case .mapping(let mapping) = node else {
            sheet.note(
                node.mark, ("'zones' has to be keys and values", "“zones”应为键和值"),
                (
                    "Write each zone as 'id:' with 'title' and 'rings' below it",
                    "每个区域写成“编号:”，其下写“title”和“rings”"
                ))
            return []
        }
        if mapping.isEmpty || mapping.count > Limits.siteRowsMaxCount {
            sheet.note(
                node.mark, ("the site has \(mapping.count) zones", "场所有 \(mapping.count) 个区域"),
                ("List 1 to \(Limits.siteRowsMaxCount) zones", "应有 1 至 \(Limits.siteRowsMaxCount) 个区域"))
        }
        return mapping.prefix(Limits.siteRowsMaxCount).compactMap { zone(key: $0.key, value: $0.value) }
    }

    private func zone(key: Node, value: Node) -> ZoneEntry? {
        let id: ZoneID? = sheet.identifier(key, of: ("a zone", "区域编号"))
        let name = id?.text ?? "?"
        guard
            let fields = sheet.fields(
                value, of: ("zone \(name)", "区域 \(name)"), known: ["title", "rings"],
                required: ["title", "rings"])
        else { return nil }
        let title = fields.text("title") ?? ""
        let rings = rings(fields, of: name)
        guard let id else { return nil }
        return ZoneEntry(id: id, mark: key.mark, title: title, rings: rings)
    }

    private func rings(_ fields: Fields, of zone: String) -> [[ZoneEntry.Post]] {
        guard let nodes = fields.list("rings") else { return [] }
        if nodes.isEmpty || nodes.count > Limits.ladderStepsMaxCount {
            sheet.note(
                fields.mark("rings"),
                (
                    "zone \(zone) has \(nodes.count) rings, not 1 to \(Limits.ladderStepsMaxCount)",
                    "区域 \(zone) 有 \(nodes.count) 圈，应为 1 至 \(Limits.ladderStepsMaxCount) 圈"
                ),
                (
                    "Write the posts that hear it at once, then the neighbours: [[post-a], [post-b]]",
                    "先写立即响应的岗位，再写相邻岗位：[[post-a], [post-b]]"
                ))
        }
        var seen: [TerminalID: Int] = [:]
        return nodes.prefix(Limits.ladderStepsMaxCount).enumerated().map { number, node in
            guard
                let posts = sheet.list(
                    node, of: ("ring \(number) of zone \(zone)", "区域 \(zone) 的第 \(number) 圈"))
            else { return [] }
            if posts.isEmpty {
                sheet.note(
                    node.mark, ("ring \(number) of zone \(zone) is empty", "区域 \(zone) 的第 \(number) 圈为空"),
                    ("Name a post in it, or delete the ring", "写上岗位，或删除该圈"))
            }
            return posts.compactMap { post in
                guard let id: TerminalID = sheet.identifier(post, of: ("a post", "岗位")) else { return nil }
                if let first = seen[id] {
                    sheet.note(
                        post.mark,
                        (
                            "post \(id) is in ring \(first) of zone \(zone) already",
                            "岗位 \(id) 已在区域 \(zone) 的第 \(first) 圈"
                        ),
                        ("Name each post once; a post goes on ringing", "每个岗位只写一次；已响的岗位会继续响"))
                    return nil
                }
                seen[id] = number
                return ZoneEntry.Post(id: id, mark: post.mark)
            }
        }
    }
}
