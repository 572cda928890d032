// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Conduct
import Facility
import Workbench

/// `watchpost standing JOURNAL…`
struct StandingCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "standing", abstract: "个人月度得分 · a person's month, or a month's cells, from the records",
        discussion: """
            Sums from journals and rule packs alone, after checking each journal's chain. --json prints one \
            object: person, month, rules, profile, cell, total, carried, cycles, lines (part, source, \
            stated, counted, why); without --person one per cell: place, cell, total, base, people, \
            peopleShare, items.
            """)
    @Argument(help: "记录文件 · the journals' files")
    var journals: [String]
    @Option(help: ArgumentHelp("计分规则 · the rule packs, of all the time", valueName: "file"))
    var rules: [String]
    @Option(help: "月份 · the month, 2026-11")
    var month: CivilMonth
    @Option(help: "人员 · the person; without it the ranking of cells")
    var person: ResidentID?
    @OptionGroup var speech: VoiceOptions

    func run() throws {
        let task = StandingTask(speech.voice)
        guard let person else { return try task.ranking(month, journals: journals, rules: rules).end() }
        try task.standing(person, month, journals: journals, rules: rules).end()
    }
}

extension CivilMonth: ExpressibleByArgument {
    public init?(argument: String) { self.init(argument) }
}
