// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Workbench

/// `watchpost rules …`
struct RulesGroup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rules", abstract: "计分规则 · rule packs of conduct: check, show",
        subcommands: [RulesCheck.self, RulesShow.self])
}

/// `watchpost rules check FILE`
struct RulesCheck: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "检查计分规则 · checks a rule pack",
        discussion: """
            Every mistake with its file, line and remedy; ends with 1 when there is one. With --compile the \
            form that terminals take is put there; with a mistake nothing is touched.
            """)
    @Argument(help: "规则文件 · the rule pack's file")
    var file: String
    @Option(help: ArgumentHelp("编译到 · where the compiled form goes", valueName: "file"))
    var compile: String?
    @OptionGroup var speech: VoiceOptions
    func run() throws { try RulesTask(speech.voice).check(file, compiled: compile).end() }
}

/// `watchpost rules show FILE`
struct RulesShow: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "显示计分规则 · shows a rule pack, from its YAML or its compiled form",
        discussion:
            "--json prints one object per item (id, title, counts, least, most, evidence, signatures, by).")
    @Argument(help: "规则文件 · the rule pack's file")
    var file: String
    @OptionGroup var speech: VoiceOptions
    func run() throws { try RulesTask(speech.voice).show(file).end() }
}
