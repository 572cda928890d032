// SPDX-License-Identifier: Apache-2.0
package import Facility
import Yams

/// What people call the duties of a line in a board file.
enum DutyWords {
    static func word(_ duty: LineDuty) -> String {
        switch duty {
        case .cellCallButton: "cell-call-button"
        case .emergencyButton: "emergency-button"
        case .duressButton: "duress-button"
        case .silentDuressButton: "silent-duress-button"
        case .supervision: "supervision"
        case .attendance: "attendance"
        case .tamper: "tamper"
        case .acknowledgeKey: "acknowledge-key"
        case .silenceKey: "silence-key"
        case .attendKey: "attend-key"
        case .clearKey: "clear-key"
        case .buzzerTestKey: "buzzer-test-key"
        case .assuranceLamp: "assurance-lamp"
        case .buzzer: "buzzer"
        case .alarmLamp: "alarm-lamp"
        case .troubleLamp: "trouble-lamp"
        case .microphoneLamp: "microphone-lamp"
        }
    }

    static let all = LineDuty.allCases.map { (word($0), $0) }
}

extension LineDuty {
    /// A button whose press is an alarm, so that its wire is worth supervising.
    var isAlarmButton: Bool {
        switch self {
        case .cellCallButton, .emergencyButton, .duressButton, .silentDuressButton: true
        case .supervision, .attendance, .tamper, .acknowledgeKey, .silenceKey, .attendKey, .clearKey,
            .buzzerTestKey,
            .assuranceLamp, .buzzer, .alarmLamp, .troubleLamp, .microphoneLamp:
            false
        }
    }

    /// A key by which an officer acts; at a cell a detainee would.
    var isOfficerKey: Bool { (16..<32).contains(rawValue) }
}

/// Checks one board file. Never traps, whatever the text is.
package func checkBoard(_ yaml: String, file: String) -> Checked<Board> {
    var text = YAMLText(file: file)
    guard let root = text.root(of: yaml) else { return Checked(value: nil, findings: text.findings) }
    let sheet = Sheet(file: file, findings: text.findings)
    let board = BoardReader(sheet: sheet).board(root)
    return Checked(value: board, findings: sheet.findings.ordered())
}

/// Reads the board of one file into a value. Lives for one check.
struct BoardReader {
    let sheet: Sheet

    private struct Entry {
        var duty: BoardDuty
        var fields: Fields
    }

    func board(_ root: Node) -> Board? {
        guard
            let fields = sheet.fields(
                root, of: ("a board", "板卡"), known: ["board", "kind", "lines", "card", "canceller"],
                required: ["board", "kind", "lines"])
        else { return nil }
        let name = fields.text("board")
        let kind: Board.Kind? = fields.choice("kind", among: [("gpiod", .gpiod), ("simulated", .simulated)])
        guard let nodes = fields.list("lines") else { return nil }
        if nodes.isEmpty {
            sheet.note(
                fields.mark("lines"), ("the board has no lines", "板卡没有线路"),
                ("List at least a button or a lamp", "至少列出一个按钮或一盏灯"))
        }
        if nodes.count > Limits.linesMaxCount {
            sheet.note(
                fields.mark("lines"), ("the board has \(nodes.count) lines", "板卡有 \(nodes.count) 条线路"),
                ("At most \(Limits.linesMaxCount) are possible", "最多 \(Limits.linesMaxCount) 条"))
        }
        let entries = nodes.prefix(Limits.linesMaxCount).compactMap { entry($0, kind: kind ?? .simulated) }
        inspectRepeats(entries)
        inspectNameless(entries)
        inspectSupervision(entries)
        guard let name, let kind else { return nil }
        let canceller = fields.choice("canceller", among: CancellerName.allCases.map { ($0.rawValue, $0) })
        return Board(
            name: name, kind: kind, duties: entries.map(\.duty), card: card(fields), canceller: canceller)
    }

    private func card(_ fields: Fields) -> CardName? {
        guard let text = fields.text("card") else { return nil }
        if let card = CardName(text) { return card }
        sheet.note(
            fields.mark("card"), ("'\(text.shown)' is no sound card", "“\(text.shown)”不是声卡"),
            (
                "Write simulated, null, or alsa: with the name that 'aplay -L' shows",
                "写 simulated、null，或 alsa: 加上“aplay -L”所列的名称"
            ))
        return nil
    }

    private func entry(_ node: Node, kind: Board.Kind) -> Entry? {
        let known = [
            "name", "chip", "line", "offset", "duty", "active", "bias", "direction", "supervised-by",
        ]
        let isSimulated = kind == .simulated
        guard
            let fields = sheet.fields(
                node, of: ("a line", "线路"), known: known,
                required: isSimulated ? ["name", "duty"] : ["name", "chip", "duty"])
        else { return nil }
        let name: PointName? = fields.identifier("name")
        let duty = fields.choice("duty", among: DutyWords.all)
        let chip = fields.text("chip") ?? (isSimulated ? "simulated" : nil)
        let line = wire(fields, isSimulated: isSimulated) ?? (isSimulated ? name?.text : nil)
        let activeLow = fields.choice("active", among: [("high", false), ("low", true)]) ?? false
        let bias = fields.choice(
            "bias",
            among: [
                ("as-is", BoardLine.Bias.asIs), ("pull-up", .pullUp), ("pull-down", .pullDown),
                ("none", .disabled),
            ])
        let direction = fields.choice(
            "direction", among: [("input", BoardLine.Direction.input), ("output", .output)])
        let partner: PointName? = fields.identifier("supervised-by")
        if let duty { inspect(duty, direction: direction, bias: bias, fields) }
        guard let name, let duty, let chip, let line else { return nil }
        return Entry(
            duty: BoardDuty(
                line: BoardLine(
                    name: name, chip: chip, line: line, direction: duty.isOutput ? .output : .input,
                    activeLow: activeLow, bias: bias ?? .asIs),
                duty: duty, partner: partner),
            fields: fields)
    }

    /// The line by its name, or by its number where the chip has no names.
    private func wire(_ fields: Fields, isSimulated: Bool) -> String? {
        let line = fields.text("line")
        guard fields["offset"] != nil else {
            if fields["line"] == nil, !isSimulated {
                sheet.note(
                    fields.mark, ("a line has no 'line'", "线路缺少“line”"), ("Add 'line: …'", "请添加“line: …”"))
            } else if let line, BoardLine.isNameless(line) {
                sheet.note(
                    fields.mark("line"), ("'\(line.shown)' is no name of a line", "“\(line.shown)”不是线路名称"),
                    ("Where the chip has no names, write 'offset: 3'", "芯片线路无名称时，写“offset: 3”"))
            }
            return line
        }
        if fields["line"] != nil {
            sheet.note(
                fields.mark("offset"), ("a line has both 'line' and 'offset'", "同时写了“line”和“offset”"),
                ("Keep 'line', the name; 'offset' is for lines without one", "保留名称“line”；无名称时才用“offset”"))
        }
        guard let text = fields.text("offset") else { return nil }
        guard text.utf8.count <= 4, let offset = Int(text), (0...Limits.lineOffsetMaxCount).contains(offset)
        else {
            sheet.note(
                fields.mark("offset"),
                ("the offset '\(text.shown)' is no number of a line", "“\(text.shown)”不是线路编号"),
                (
                    "Write the line's number within its chip, 0 to \(Limits.lineOffsetMaxCount)",
                    "写芯片内的线路编号，0 至 \(Limits.lineOffsetMaxCount)"
                ))
            return nil
        }
        return BoardLine.nameless(offset)
    }

    /// Once for each chip: whether it has names, only that machine can tell.
    private func inspectNameless(_ entries: [Entry]) {
        var chips: Set<String> = []
        for entry in entries {
            let line = entry.duty.line
            guard BoardLine.isNameless(line.line), chips.insert(line.chip).inserted else { continue }
            sheet.warn(
                entry.fields.mark("offset"),
                (
                    "lines of '\(line.chip.shown)' are found by number, not by name",
                    "“\(line.chip.shown)”的线路按编号而非名称查找"
                ),
                (
                    "Do so only where `gpioinfo` shows them unnamed; else write 'line: NAME'",
                    "仅当 `gpioinfo` 显示 unnamed 时才可如此，否则写“line: 名称”"
                ))
        }
    }

    private func inspect(
        _ duty: LineDuty, direction: BoardLine.Direction?, bias: BoardLine.Bias?, _ fields: Fields
    ) {
        let word = DutyWords.word(duty)
        let wanted: BoardLine.Direction = duty.isOutput ? .output : .input
        if let direction, direction != wanted {
            sheet.note(
                fields.mark("direction"),
                (
                    "the direction does not fit the duty '\(word)', which is an \(wanted)",
                    "方向与用途“\(word)”不符，该用途为\(duty.isOutput ? "输出" : "输入")"
                ),
                (
                    "Delete 'direction', it follows from the duty; or correct the duty",
                    "删除“direction”（由用途决定），或改正用途"
                ))
        }
        if duty.isOutput, bias == .pullUp || bias == .pullDown {
            sheet.note(
                fields.mark("bias"), ("an output ('\(word)') has no pull", "输出（“\(word)”）没有上拉或下拉"),
                ("Delete 'bias', or correct the duty", "删除“bias”，或改正用途"))
        }
        if fields["supervised-by"] != nil, !duty.isAlarmButton {
            sheet.note(
                fields.mark("supervised-by"),
                ("only an alarm button can be supervised, not '\(word)'", "只有报警按钮可以监视，“\(word)”不可以"),
                ("Delete 'supervised-by'", "删除“supervised-by”"))
        }
    }

    private func inspectRepeats(_ entries: [Entry]) {
        var names: [PointName: Int] = [:]
        var wires: [[String]: Entry] = [:]
        for entry in entries {
            let line = entry.duty.line
            if let first = names[line.name] {
                sheet.note(
                    entry.fields.mark("name"),
                    (
                        "the name '\(line.name)' is already that of line \(first) of this file",
                        "名称“\(line.name)”已用于本文件第 \(first) 行"
                    ),
                    ("Give each line a name of its own", "每条线路使用各自的名称"))
            } else {
                names[line.name] = entry.fields.mark("name")?.line ?? 1
            }
            if let first = wires[[line.chip, line.line]] {
                let other = first.duty.line.name
                sheet.note(
                    entry.fields.mark(entry.fields["line"] == nil ? "offset" : "line"),
                    (
                        "'\(line.name)' is '\(line.line.shown)' of '\(line.chip.shown)', as is '\(other)'",
                        "“\(line.name)”使用“\(line.chip.shown)”的“\(line.line.shown)”，该线路已由“\(other)”使用"
                    ),
                    ("Wire one of them to another line", "将其中之一接到另一条线路"))
            } else {
                wires[[line.chip, line.line]] = entry
            }
        }
    }

    private func inspectSupervision(_ entries: [Entry]) {
        var supervised: [PointName: PointName] = [:]
        for entry in entries {
            guard let partner = entry.duty.partner else { continue }
            let name = entry.duty.line.name
            let mark = entry.fields.mark("supervised-by")
            let found = entries.first { $0.duty.line.name == partner }
            if found?.duty.duty != .supervision {
                let guesses = entries.filter { $0.duty.duty == .supervision }.map(\.duty.line.name.text)
                let guess = NearWord.nearest(to: partner.text, among: guesses) ?? guesses.first
                sheet.note(
                    mark,
                    found == nil
                        ? (
                            "'\(name)' is supervised by '\(partner)', which is no line of this board",
                            "监视“\(name)”的“\(partner)”不是本板卡的线路"
                        )
                        : (
                            "'\(partner)' supervises '\(name)' but has not the duty 'supervision'",
                            "“\(partner)”监视“\(name)”，但其用途不是“supervision”"
                        ),
                    guess.map {
                        ("Name the normally-closed contact, perhaps '\($0)'", "写出常闭触点的名称，可能是“\($0)”")
                    }
                        ?? (
                            "Add a line with the duty 'supervision' for the normally-closed contact",
                            "为常闭触点添加一条用途为“supervision”的线路"
                        ))
            } else if let other = supervised[partner] {
                sheet.note(
                    mark, ("'\(partner)' supervises '\(other)' already", "“\(partner)”已经监视“\(other)”"),
                    ("Give each button a normally-closed contact of its own", "每个按钮使用各自的常闭触点"))
            } else {
                supervised[partner] = name
            }
        }
        for entry in entries where entry.duty.duty == .supervision && supervised[entry.duty.line.name] == nil
        {
            let name = entry.duty.line.name
            sheet.note(
                entry.fields.mark("name"), ("'\(name)' supervises no button", "“\(name)”没有监视任何按钮"),
                ("Write 'supervised-by: \(name)' at its button", "在所属按钮处写上“supervised-by: \(name)”"))
        }
    }
}
