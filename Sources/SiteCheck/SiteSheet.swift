// SPDX-License-Identifier: Apache-2.0
package import Facility
import Yams

/// A site file as a value: the site itself, and what each terminal's own configuration needs beyond it.
package struct SiteSheet: Hashable, Sendable {
    package struct Place: Hashable, Sendable {
        package var id: TerminalID
        /// As written: relative to the site file.
        package var boardFile: String
        package var paths: TerminalPaths
        /// Written `public-key: generate`: the site is not complete until somebody fills the key in.
        package var lacksKey: Bool
        /// Where it stands in the file.
        package var line: Int
        /// Where its board is named.
        package var boardLine: Int
    }

    package var file: String
    /// Terminals that lack a key have an empty one here.
    package var site: Site
    package var places: [Place]
    package var operators: [String]
    /// nil: no terminal has sound.
    package var sound: SoundSheet?

    package func place(_ id: TerminalID) -> Place? { places.first { $0.id == id } }
}

/// Where a terminal keeps its things.
package struct TerminalPaths: Hashable, Sendable {
    package var key: String
    package var journal: String
    package var runtime: String

    package init(key: String, journal: String, runtime: String) {
        self.key = key
        self.journal = journal
        self.runtime = runtime
    }

    /// As the unit of the alarm agent makes them.
    package static let installed = TerminalPaths(
        key: "/var/lib/watchpost/terminal.key", journal: "/var/lib/watchpost/alarm.db",
        runtime: "/run/watchpost")
}

/// Checks one site file by itself; `check(files:)` adds what needs the boards. Never traps, whatever the text
/// is.
package func checkSite(_ yaml: String, file: String) -> Checked<SiteSheet> {
    var text = YAMLText(file: file)
    guard let root = text.root(of: yaml) else { return Checked(value: nil, findings: text.findings) }
    let sheet = Sheet(file: file, findings: text.findings)
    let site = SiteReader(sheet: sheet).site(root)
    return Checked(value: site, findings: sheet.findings.ordered())
}

/// Reads the site of one file into a value. Lives for one check.
struct SiteReader {
    let sheet: Sheet

    func site(_ root: Node) -> SiteSheet? {
        guard
            let fields = sheet.fields(
                root, of: ("a site", "场所"),
                known: ["site", "zones", "terminals", "ladder", "officers", "operators", "sound"],
                required: ["site", "zones", "terminals"])
        else { return nil }
        let name = fields.text("site")
        let zones = ZoneReader(sheet: sheet).zones(fields)
        let terminals = TerminalReader(sheet: sheet).terminals(fields)
        let ladder = ladder(fields)
        let officers = officers(fields)
        let operators = operators(fields)
        let sound = SoundReader(sheet: sheet).sound(fields, zones: zones, terminals: terminals)
        SiteRules(sheet: sheet, zones: zones, terminals: terminals, ladderSteps: ladder?.count).inspect()
        guard let name, let ladder else { return nil }
        return SiteSheet(
            file: sheet.file,
            site: Site(
                name: name, terminals: terminals.map(\.terminal),
                rings: Dictionary(
                    zones.map { ($0.id, $0.rings.map { $0.map(\.id) }) }, uniquingKeysWith: { a, _ in a }),
                ladderMs: ladder, officers: officers,
                zoneTitles: Dictionary(zones.map { ($0.id, $0.title) }, uniquingKeysWith: { a, _ in a })),
            places: terminals.map(\.place), operators: operators, sound: sound)
    }

    private func ladder(_ fields: Fields) -> [Int]? {
        guard fields["ladder"] != nil else { return Limits.ladderDefaultMs }
        guard let nodes = fields.list("ladder") else { return nil }
        let remedy = (
            "Write rising durations from the press on, such as [30s, 60s, 120s, 300s]",
            "写从按下算起、逐级增加的时间，例如 [30s, 60s, 120s, 300s]"
        )
        if nodes.isEmpty || nodes.count > Limits.ladderStepsMaxCount {
            sheet.note(
                fields.mark("ladder"),
                (
                    "the ladder has \(nodes.count) steps, not 1 to \(Limits.ladderStepsMaxCount)",
                    "升级阶梯有 \(nodes.count) 级，应为 1 至 \(Limits.ladderStepsMaxCount) 级"
                ), remedy)
        }
        var steps: [Int] = []
        for node in nodes.prefix(Limits.ladderStepsMaxCount) {
            guard let text = sheet.text(node, of: ("a step of the ladder", "升级阶梯的一级")) else { continue }
            guard let ms = Scalars.milliseconds(text), (1...Limits.ladderMaxMs).contains(ms) else {
                sheet.note(
                    node.mark, ("'\(text.shown)' is no duration up to an hour", "“\(text.shown)”不是一小时以内的时间"),
                    ("Write a number with its unit: 500ms, 30s or 2m", "写数字和单位：500ms、30s 或 2m"))
                continue
            }
            if let last = steps.last, ms <= last {
                sheet.note(
                    node.mark, ("the ladder does not rise at '\(text)'", "升级阶梯在“\(text)”处没有增加"), remedy)
            }
            steps.append(ms)
        }
        return steps
    }

    private func officers(_ fields: Fields) -> [Officer] {
        var lines: [OfficerID: Int] = [:]
        guard fields["officers"] != nil else { return [] }
        return (fields.list("officers") ?? []).compactMap { node in
            guard
                let entry = sheet.fields(
                    node, of: ("an officer", "民警"), known: ["number", "name"], required: ["number", "name"])
            else { return nil }
            let number: OfficerID? = entry.identifier("number")
            let name = entry.text("name")
            if let number {
                if let first = lines[number] {
                    sheet.note(
                        entry.mark("number"),
                        ("officer \(number) stands already in line \(first)", "民警 \(number) 已在第 \(first) 行"),
                        ("Give each officer a number of their own", "每位民警使用各自的编号"))
                }
                lines[number] = lines[number] ?? entry.mark("number")?.line ?? 1
            }
            guard let number, let name else { return nil }
            return Officer(id: number, name: name)
        }
    }

    private func operators(_ fields: Fields) -> [String] {
        var names: [String] = []
        for node in fields["operators"] == nil ? [] : fields.list("operators") ?? [] {
            guard let name = sheet.text(node, of: ("an operator", "操作用户")) else { continue }
            if !Scalars.isUser(name) {
                sheet.note(
                    node.mark, ("'\(name.shown)' is no user of a machine", "“\(name.shown)”不是系统用户名"),
                    (
                        "Write the login name of the user under which the panel or the tool runs",
                        "写面板或工具所用系统用户的登录名"
                    ))
            } else if names.contains(name) {
                sheet.warn(
                    node.mark, ("operator '\(name)' is listed twice", "操作用户“\(name)”重复"),
                    ("Delete one", "删除其中一个"))
            } else {
                names.append(name)
            }
        }
        return names
    }
}
