// SPDX-License-Identifier: Apache-2.0
package import Facility
import Foundation

/// The files that were named, and the boards that a site among them refers to, all checked. A value; made on
/// the tool's thread.
package struct SiteFiles: Sendable {
    package private(set) var findings: [Finding] = []
    /// By file, as the findings name it.
    package private(set) var sites: [SiteSheet] = []
    /// By path.
    private var boards: [String: Checked<Board>] = [:]

    /// Checks every file, and every board that a site names, relative to the site file. A board is read once.
    package init(_ files: [String]) {
        if files.isEmpty {
            add("-", 1, ("no file was named", "没有指定文件"), ("Name a site file or a board file", "请指定场所文件或板卡文件"))
        }
        for file in files where boards[Self.place(file)] == nil { read(file) }
        findings = findings.ordered()
    }

    /// The board of a terminal, when it has no mistakes.
    package func board(of place: SiteSheet.Place, in site: SiteSheet) -> Board? {
        boards[Self.place(Self.path(of: place.boardFile, from: site.file))]?.value
    }

    // MARK: Reading

    private enum Sort {
        case site
        case board
        case timetable
        case rules
        case neither
    }

    private mutating func read(_ file: String) {
        guard let text = text(of: file) else { return }
        switch Self.sort(of: text) {
        case .board: read(board: text, file)
        case .timetable: findings += checkTimetable(path: file).findings
        case .rules: findings += checkRulePack(path: file).findings
        case .site, .neither:
            if Self.sort(of: text) == .neither, !text.isEmpty {
                var yaml = YAMLText(file: file)
                guard yaml.root(of: text) != nil else {
                    findings += yaml.findings
                    return
                }
                add(
                    file, 1, ("it is neither site, board, timetable nor rules", "既不是场所、板卡文件，也不是作息表或规则"),
                    ("Begin it with 'site: name' or 'board: name'", "以“site: 名称”或“board: 名称”开头"))
                return
            }
            let checked = checkSite(text, file: file)
            findings += checked.findings
            guard let site = checked.value else { return }
            sites.append(site)
            readBoards(of: site)
        }
    }

    private mutating func read(board text: String, _ file: String) {
        let checked = checkBoard(text, file: file)
        boards[Self.place(file)] = checked
        findings += checked.findings
    }

    private mutating func readBoards(of site: SiteSheet) {
        for place in site.places {
            let path = Self.path(of: place.boardFile, from: site.file)
            if boards[Self.place(path)] == nil {
                guard FileManager.default.fileExists(atPath: path) else {
                    add(
                        site.file, place.boardLine,
                        (
                            "the board file '\(place.boardFile.shown)' of \(place.id) is not there",
                            "\(place.id) 的板卡文件“\(place.boardFile.shown)”不存在"
                        ),
                        ("Its path counts from the directory of the site file", "路径以场所文件所在目录为起点"))
                    continue
                }
                guard let text = text(of: path) else { continue }
                read(board: text, path)
            }
            guard let board = boards[Self.place(path)]?.value, let terminal = site.site.terminal(place.id)
            else { continue }
            findings += BoardFit(site: site, place: place, role: terminal.role, board: board).findings()
        }
    }

    /// Which top key stands first decides; it needs no YAML for that.
    private static func sort(of text: String) -> Sort {
        for line in text.split(whereSeparator: \.isNewline) {
            let word = line.prefix { $0 != ":" && $0 != " " }.filter {
                $0 != "\u{feff}" && $0 != "\"" && $0 != "'"
            }
            if word == "timetable" || word == "routines" { return .timetable }
            if word == "rules" || word == "items" { return .rules }
            if word == "board" || word == "kind" || word == "lines" { return .board }
            if ["site", "zones", "terminals", "ladder", "officers", "operators"].contains(word) {
                return .site
            }
        }
        return .neither
    }

    private mutating func text(of file: String) -> String? {
        let attributes = try? FileManager.default.attributesOfItem(
            atPath: URL(fileURLWithPath: file).resolvingSymlinksInPath().path)
        let size = (attributes?[.size] as? Int) ?? 0
        guard size <= Limits.configurationTextMaxBytes else {
            add(
                file, 1, ("the file has \(size) bytes", "文件有 \(size) 字节"),
                (
                    "A configuration has at most \(Limits.configurationTextMaxBytes)",
                    "配置文件最多 \(Limits.configurationTextMaxBytes) 字节"
                ))
            return nil
        }
        guard attributes?[.type] as? FileAttributeType == .typeRegular,
            let data = FileManager.default.contents(atPath: file)
        else {
            add(
                file, 1, ("the file cannot be read", "无法读取文件"),
                ("Check its name and who may read it", "检查文件名和读取权限"))
            return nil
        }
        if let text = String(validating: data, as: UTF8.self) { return text }
        let repaired = String(decoding: data, as: UTF8.self)
        let line = repaired.prefix { $0 != "\u{fffd}" }.count(where: \.isNewline) + 1
        add(
            file, line, ("the text is no UTF-8", "文字不是 UTF-8 编码"),
            ("Save the file as UTF-8", "请以 UTF-8 编码保存"))
        return nil
    }

    private mutating func add(
        _ file: String, _ line: Int, _ what: (String, String), _ remedy: (String, String)
    ) {
        findings.append(
            Finding(
                file: file, line: line, column: nil, severity: .mistake, what: Wording(what.0, what.1),
                remedy: Wording(remedy.0, remedy.1)))
    }

    // MARK: Paths

    private static func path(of board: String, from site: String) -> String {
        guard !board.hasPrefix("/") else { return board }
        let directory = (site as NSString).deletingLastPathComponent
        return directory.isEmpty ? board : (directory as NSString).appendingPathComponent(board)
    }

    /// The same file by another name is the same board.
    private static func place(_ file: String) -> String {
        URL(fileURLWithPath: file).resolvingSymlinksInPath().standardizedFileURL.path
    }
}

/// Whether a board can do the work of a terminal.
struct BoardFit {
    let site: SiteSheet
    let place: SiteSheet.Place
    let role: TerminalRole
    let board: Board

    func findings() -> [Finding] {
        let duties = board.duties.map(\.duty)
        let id = place.id
        let board = place.boardFile.shown
        var found: [Finding] = []
        func note(_ severity: Finding.Severity, _ what: (String, String), _ remedy: (String, String)) {
            found.append(
                Finding(
                    file: site.file, line: place.boardLine, column: nil, severity: severity,
                    what: Wording(what.0, what.1), remedy: Wording(remedy.0, remedy.1)))
        }
        switch role {
        case .cell:
            if !duties.contains(where: { $0 == .emergencyButton || $0 == .cellCallButton }) {
                note(
                    .mistake,
                    ("cell \(id) has no alarm button on board '\(board)'", "监室 \(id) 的板卡“\(board)”没有报警按钮"),
                    (
                        "Give a line the duty 'emergency-button' or 'cell-call-button'",
                        "为一条线路写上用途“emergency-button”或“cell-call-button”"
                    ))
            }
            if !duties.contains(.assuranceLamp) {
                note(
                    .warning,
                    (
                        "cell \(id) has no assurance lamp: nobody there sees that a press was heard",
                        "监室 \(id) 没有确认灯：按下后看不到是否收到"
                    ),
                    ("Give a line the duty 'assurance-lamp'", "为一条线路写上用途“assurance-lamp”"))
            }
            if let key = duties.first(where: \.isOfficerKey) {
                note(
                    .mistake,
                    (
                        "cell \(id) has the officers' key '\(DutyWords.word(key))'",
                        "监室 \(id) 有民警按键“\(DutyWords.word(key))”"
                    ),
                    (
                        "Officers' keys belong on the board of a post; at a cell use 'attendance'",
                        "民警按键应装在岗位；监室请用“attendance”"
                    ))
            }
        // A site file cannot say it.
        case .hub: break
        case .post:
            if !duties.contains(.buzzer) {
                note(
                    .mistake, ("post \(id) has no buzzer on board '\(board)'", "岗位 \(id) 的板卡“\(board)”没有蜂鸣器"),
                    (
                        "Give a line the duty 'buzzer': a post confirms an alarm only when it sounds",
                        "为一条线路写上用途“buzzer”：岗位发声后才确认报警"
                    ))
            }
        }
        return found
    }
}
