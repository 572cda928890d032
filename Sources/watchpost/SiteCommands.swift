// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Facility
import Workbench

/// `watchpost keygen FILE`
struct Keygen: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "生成终端密钥 · makes a terminal's own key",
        discussion: """
            The key goes into a new 0400 file and never leaves the terminal; what is printed is the public \
            key for the site's list. --json prints one object: file, publicKey.
            """)
    @Argument(help: "新密钥文件 · the key's new file")
    var file: String
    @OptionGroup var speech: VoiceOptions
    func run() throws { try SiteTask(speech.voice).keygen(file).end() }
}

/// `watchpost check FILE…`
struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "检查板卡与场所文件 · checks board and site files",
        discussion: """
            Every mistake with its file, line and remedy; ends with 1 when there is one. --json prints one \
            object per finding: file, line, column, severity (mistake, warning), zh, en, remedyZh, remedyEn.
            """)
    @Argument(help: "文件 · the files; a site brings its boards")
    var files: [String]
    @OptionGroup var speech: VoiceOptions
    func run() throws { try SiteTask(speech.voice).check(files).end() }
}

/// `watchpost apply FILE…`
struct Apply: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "检查、编译并启用配置 · checks, compiles and puts the configuration in place",
        discussion: """
            The version before is kept beside the new one; with a mistake nothing is touched. --json prints \
            the findings as `check` does, then one object per terminal: terminal, path, version, changes \
            (empty: it was the same).
            """)
    @Argument(help: "场所文件 · the site's file")
    var files: [String]
    @Option(help: ArgumentHelp("写到哪里 · where to", valueName: "dir|file"))
    var to = ConfigPlace.installed
    @Option(help: "只此终端 · only this terminal")
    var terminal: TerminalID?
    @Option(help: "版本号 · the version, else one more than the newest")
    var version: Int64?
    @Flag(help: "允许旧版本 · allows an older version")
    var force = false
    @OptionGroup var speech: VoiceOptions

    func run() throws {
        let wish = ApplyWish(terminal: terminal, version: version, force: force)
        try SiteTask(speech.voice).apply(files, to: to, wish).end()
    }
}

/// `watchpost join`
struct Join: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "用一次性入网码接入指挥中心 · this machine becomes a terminal of a hub, with a one-time code")
    @Argument(help: "中心控制台地址 · the hub's console, https://HUB:7080")
    var hub: String
    @Option(help: "一次性入网码 · the one-time code")
    var code: String
    @Option(help: "本机编号 · what the hub knows this machine by (its own id)")
    var serial: String?
    @Option(help: "保存位置 · where key and certificate are kept")
    var identity = "/var/lib/watchpost-sync"

    func run() throws {
        try JoinTask.run(hub: hub, code: code, serial: serial, identity: identity).end()
    }
}
