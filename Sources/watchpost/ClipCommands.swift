// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import ClipMaking
import Facility
import Workbench

/// `watchpost clips …`
struct ClipGroup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "clips", abstract: "语音单元库 · the library of voice units: add, list, verify",
        subcommands: [ClipAdd.self, ClipList.self, ClipVerify.self])
}

/// `watchpost clips add FILE …`
struct ClipAdd: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "把录音或一行文字做成语音单元 · makes units of sound or of a line of text",
        discussion: """
            WAV, FLAC, Ogg Opus or Vorbis, one or two channels, at most 48 kHz. All units become \
            equally loud (EBU R 128: -23 LUFS, at most -1 dBTP); one that is refused leaves the library \
            as it was. --say speaks a line with espeak-ng. --json prints one object per unit: name, sha256, \
            ms, gainDb, loudnessLufs, peakDbtp.
            """)
    @Argument(help: "录音文件 · files of sound; each is named after itself")
    var files: [String] = []
    @Option(help: "单元名 · the unit's name, as timetables write it")
    var name: String?
    @Option(help: ArgumentHelp("要说的话 · a line of text to speak", valueName: "text"))
    var say: String?
    @Option(help: "用哪种语言说 · the language that it is spoken in: zh or en")
    var language: Speech.Language = .zh
    @Option(help: ArgumentHelp("库的目录 · the library's directory", valueName: "dir"))
    var library: String
    @OptionGroup var speech: VoiceOptions

    func run() throws {
        let wish = ClipWish(files: files, name: name, text: say, language: language)
        try ClipTask(speech.voice).add(wish, to: library).end()
    }
}

/// `watchpost clips list DIR`
struct ClipList: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "列出语音单元 · which units a library has",
        discussion: "--json prints one object per unit: name, sha256, ms.")
    @Argument(help: "库的目录 · the library's directory")
    var library: String
    @OptionGroup var speech: VoiceOptions
    func run() throws { try ClipTask(speech.voice).list(library).end() }
}

/// `watchpost clips verify DIR`
struct ClipVerify: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "核对语音单元 · is every content there and unaltered",
        discussion: """
            Ends with 1 when one is not. --json prints one object per unit that is not right: name, sha256, \
            ms, wrong (missing or altered).
            """)
    @Argument(help: "库的目录 · the library's directory")
    var library: String
    @OptionGroup var speech: VoiceOptions
    func run() throws { try ClipTask(speech.voice).verify(library).end() }
}

extension Speech.Language: ExpressibleByArgument {}
