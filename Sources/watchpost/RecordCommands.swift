// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Facility
import Workbench

/// `watchpost verify FILE`
struct Verify: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "核对记录是否完整、未被改动 · is this record whole and unaltered",
        discussion: """
            FILE is a journal (NAME.db) or a recording of a call (NAME.opus, its seal NAME.opus.seal \
            beside it). Ends with 1 and names the entries that break it, or the second from which a \
            recording is not as it was recorded; --key: also when another key signed it; --heads: also when \
            a journal was cut at its end, put back or rewritten since these heads were kept. \
            --json of a journal prints one object: file, terminal, \
            generation, entries, intact, breakCount, breaks (stream, sequence, what), heads (stream, \
            sequence, hash).
            """)
    @Argument(help: "记录或录音文件 · the journal's or the recording's file")
    var file: String
    @Option(help: ArgumentHelp("录音应由此密钥签名 · the key that signs a recording", valueName: "hex"))
    var key: String?
    @Option(help: ArgumentHelp("别处保存的链尾 · heads that were kept elsewhere", valueName: "file"))
    var heads: String?
    @OptionGroup var speech: VoiceOptions
    func run() throws {
        let task = RecordTask(speech.voice)
        guard RecordTask.isRecording(file) else { return try task.verify(file, heads: heads).end() }
        try task.verify(recording: file, key: key).end()
    }
}

/// `watchpost journal FILE`
struct JournalEntries: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "journal", abstract: "列出记录 · what stands in a record",
        discussion: """
            --json prints one object per entry: stream, sequence, event, kind, wallMs, uncertaintyMs (null: \
            the clock was never set), uptimeNs, standing, alarm (as `watchpost alarms --json`, or null), \
            payload, hash, previousHash (hexadecimal).
            """)
    @Argument(help: "记录文件 · the journal's file")
    var file: String
    @Option(help: ArgumentHelp("从这条之后 · only what comes after", valueName: "stream:sequence"))
    var after: SyncCursorText?
    @OptionGroup var speech: VoiceOptions
    func run() throws { try RecordTask(speech.voice).entries(file, after: after).end() }
}

extension SyncCursorText: ExpressibleByArgument {
    public init?(argument: String) { self.init(argument) }
}
