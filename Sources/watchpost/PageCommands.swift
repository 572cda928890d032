// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import ClipMaking
import Facility
import Workbench

/// `watchpost page`
struct PageCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "page", abstract: "广播 · pages zones from a post: a file, a unit, a text or live",
        discussion: """
            Runs until the page is over and says where it was heard; ends with 0 when every terminal heard \
            it. --live opens the post's microphone until Ctrl-C or --for; it is shown, and recorded before \
            it is heard. --emergency goes before everything else. --json prints one object per terminal: \
            terminal, state (over, hears, hearsAlone, waits, refused, cut, unable; null: it did not answer), \
            by (what was more urgent), heardMs; then page, soundMs (command to first packet), terminals, \
            heard, trouble.
            """)
    @Option(help: "区域，可重复 · the zones; none: the whole site")
    var zone: [ZoneID] = []
    @Option(help: "录音文件 · a file of sound")
    var file: String?
    @Option(help: "语音单元 · a unit of the terminal's library")
    var unit: String?
    @Option(help: ArgumentHelp("要说的话 · a line of text to speak", valueName: "text"))
    var say: String?
    @Option(help: "用哪种语言说 · the language that it is spoken in: zh or en")
    var language: Speech.Language = .zh
    @Flag(help: "用岗位的麦克风 · the post's microphone")
    var live = false
    @Option(
        name: .customLong("for"), help: ArgumentHelp("讲话时长（秒） · how long it is live", valueName: "seconds"))
    var seconds: Int?
    @Flag(help: "紧急广播 · before everything else")
    var emergency = false
    @OptionGroup var options: CallOptions

    func validate() throws {
        guard [file != nil, unit != nil, say != nil, live].count(where: { $0 }) == 1 else {
            throw ValidationError("one of --file, --unit, --say and --live")
        }
        guard seconds == nil || live else { throw ValidationError("--for belongs to --live") }
        if let seconds, !(1...Limits.pagingLiveMaxMs / 1_000).contains(seconds) {
            throw ValidationError("--for takes 1 to \(Limits.pagingLiveMaxMs / 1_000) seconds")
        }
        guard zone.count <= Limits.pagingZonesMaxCount else {
            throw ValidationError("at most \(Limits.pagingZonesMaxCount) zones; none means all")
        }
    }

    func run() throws {
        let voice: PageWish.Voice =
            if let file {
                .file(file)
            } else if let unit {
                .unit(unit)
            } else if let say {
                .say(say, language)
            } else {
                .live(ms: seconds.map { $0 * 1_000 })
            }
        let place = ConfigPlace(option: options.terminal.config)
        try PageTask(options.terminal.terminal, place, options.speech.voice).run(
            PageWish(zones: zone, voice: voice, isEmergency: emergency), officer: options.officer
        ).end()
    }
}
