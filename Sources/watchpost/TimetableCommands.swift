// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Facility
import Workbench

/// `watchpost timetable …`
struct TimetableGroup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "timetable", abstract: "作息表 · the day's timetable: check, preview, iCalendar out and in",
        subcommands: [
            TimetableCheck.self, TimetablePreviews.self, TimetableExport.self, TimetableImport.self,
        ])
}

/// `watchpost timetable check FILE`
struct TimetableCheck: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "检查作息表 · checks a timetable and its template",
        discussion: """
            Every mistake with its file, line and remedy; ends with 1 when there is one. With --compile the \
            terminal's form of it is put there, the one before kept beside it; with a mistake nothing is \
            touched.
            """)
    @Argument(help: "作息表文件 · the timetable's file")
    var file: String
    @Option(help: ArgumentHelp("编译到 · where the compiled form goes", valueName: "file"))
    var compile: String?
    @OptionGroup var speech: VoiceOptions
    func run() throws { try TimetableTask(speech.voice).check(file, compiled: compile).end() }
}

/// `watchpost timetable preview FILE`
struct TimetablePreviews: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "preview", abstract: "预览将要播放的内容 · shows what will sound",
        discussion: """
            --json prints one object per day (day, type) and per unit (day, time, unix, seconds, routine, \
            title, unit, leftOut: the clocks leave its time out and it is skipped).
            """)
    @Argument(help: "作息表文件 · the timetable's file")
    var file: String
    @Option(help: "天数 · how many days")
    var days = 7
    @Option(help: "区域 · the zone; without it what is for every zone")
    var zone: ZoneID?
    @Option(help: ArgumentHelp("从哪天起 · the first day (today)", valueName: "date"))
    var from: String?
    @OptionGroup var speech: VoiceOptions

    func run() throws {
        let wish = PreviewWish(days: days, zone: zone, from: from)
        try TimetableTask(speech.voice).preview(file, wish).end()
    }
}

/// `watchpost timetable export FILE`
struct TimetableExport: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "导出为 iCalendar · prints it as iCalendar (RFC 5545)")
    @Argument(help: "作息表文件 · the timetable's file")
    var file: String
    @Option(help: ArgumentHelp("从哪天起 · the first day (today)", valueName: "date"))
    var from: String?
    @OptionGroup var speech: VoiceOptions
    func run() throws { try TimetableTask(speech.voice).export(file, from: from).end() }
}

/// `watchpost timetable import FILE`
struct TimetableImport: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "从 iCalendar 导入 · prints an iCalendar file as a timetable",
        discussion: "What a timetable cannot keep is refused with its line; then nothing is printed.")
    @Argument(help: "iCalendar 文件 · the .ics file")
    var file: String
    @OptionGroup var speech: VoiceOptions
    func run() throws { try TimetableTask(speech.voice).importing(file).end() }
}
