// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Facility
import Workbench

/// Where and by whom.
struct CallOptions: ParsableArguments {
    @Option(help: "警号 · the officer's number")
    var officer: OfficerID?
    @OptionGroup var terminal: TerminalOptions
    @OptionGroup var speech: VoiceOptions

    func perform(_ deed: CallTask.Deed) throws {
        let place = ConfigPlace(option: terminal.config)
        try CallTask(terminal.terminal, place, speech.voice).run(deed, officer: officer).end()
    }

    static func id(_ text: String?) throws -> CallID? {
        guard let text else { return nil }
        guard let id = CallID(text) else {
            throw ValidationError("'\(text)' is no call; see watchpost calls")
        }
        return id
    }
}

/// `watchpost calls`
struct Calls: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "通话和等候的呼叫 · who talks, rings and waits",
        discussion: """
            --json prints one object per call: call, phase (offering, ringing, recording, talking, held), \
            urgency, mode (talk, listen, pushToTalk), far, alarm, ageMs, microphoneOpen, twoWayMs, \
            mouthToEarMs (-1: not known yet), heardDb, packetsReceived.
            """)
    @OptionGroup var options: CallOptions
    func run() throws { try options.perform(.list) }
}

/// `watchpost call`
struct Call: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "呼叫监室、岗位或电话 · calls a cell, a post or a phone; a cell only with a reason")
    @Argument(help: "终端或电话的名称 · the terminal or phone")
    var to: String
    @Option(help: "理由 · why a cell is opened")
    var reason = ""
    @Flag(help: "只听 · listen only; needs --second")
    var listen = false
    @Option(help: "第二名民警的警号 · the second officer's number")
    var second: OfficerID?
    @Flag(help: "按键通话 · heard there only between watchpost push and push --off")
    var pushToTalk = false
    @OptionGroup var options: CallOptions
    func validate() throws {
        if listen, pushToTalk { throw ValidationError("--listen does not speak; leave --push-to-talk out") }
    }
    func run() throws {
        let mode: CallMode = listen ? .listen : pushToTalk ? .pushToTalk : .talk
        try options.perform(.call(to: to, mode, reason: reason, second: second))
    }
}

/// `watchpost push`
struct Push: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "按住通话键 · speaks in a call that was made with --push-to-talk")
    @Flag(help: "松开 · lets go of the key")
    var off = false
    @OptionGroup var options: CallOptions
    func run() throws { try options.perform(.push(!off)) }
}

/// `watchpost answer`
struct Answer: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "接听 · answers the first that waits")
    @Option(help: "哪个通话 · which one")
    var call: String?
    @OptionGroup var options: CallOptions
    func run() throws { try options.perform(.answer(CallOptions.id(call))) }
}

/// `watchpost hangup`
struct HangUp: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hangup", abstract: "挂断或拒接 · ends the call, or declines the one that rings")
    @Option(help: "哪个通话 · which one")
    var call: String?
    @OptionGroup var options: CallOptions
    func run() throws { try options.perform(.hangUp(CallOptions.id(call))) }
}

/// `watchpost mute`
struct Mute: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "本端静音 · closes this microphone, the call goes on")
    @Flag(help: "恢复 · opens it again")
    var off = false
    @OptionGroup var options: CallOptions
    func run() throws { try options.perform(.mute(!off)) }
}

/// `watchpost hold`
struct Hold: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "保持通话 · the other end waits")
    @Flag(help: "恢复 · goes on")
    var off = false
    @OptionGroup var options: CallOptions
    func run() throws { try options.perform(.hold(!off)) }
}

/// `watchpost sound`
struct SoundCommands: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sound", abstract: "声音测试和校准 · tests and calibrates a terminal's sound",
        discussion: """
            Both play half a second of sweep and look for it in the terminal's own microphone, which is open \
            meanwhile: the lamp shows it and the record tells it. Refused while a call is on. --json prints \
            outcome (heard, notHeard, interrupted), delayMs, levelDb (what came back against what was \
            played), clearDb (over everything else), kept.
            """,
        subcommands: [Test.self, Calibrate.self])

    struct Test: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "播放测试音并听自己 · plays a sweep and says what its own microphone heard")
        @OptionGroup var options: CallOptions
        func run() throws { try options.perform(.test(keeps: false)) }
    }

    struct Calibrate: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "校准回声消除的延迟 · the same, and keeps the delay for the echo canceller")
        @OptionGroup var options: CallOptions
        func run() throws { try options.perform(.test(keeps: true)) }
    }
}
