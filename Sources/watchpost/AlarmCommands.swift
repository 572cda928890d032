// SPDX-License-Identifier: Apache-2.0
import Alarms
import ArgumentParser
import Facility
import Workbench

/// `watchpost alarms [--follow]`
struct AlarmList: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "alarms",
        abstract: "未解除的报警，紧急在前 · what stands, emergencies first",
        discussion: """
            --json prints one object per alarm (with --follow one per change): alarm, class (trouble, \
            cellCall, emergency, officerDuress), cause, terminal, point, place, zone, phase (raised, \
            annunciated, acknowledged, attended, cleared), ageMs, presses, sounding, escalation, cellLost, \
            custodian, raisedWallMs, raisedUncertaintyMs (null: the clock was never set), silentAtOrigin, \
            attendanceWired, revision, spokenMs, and the deeds annunciated, acknowledged, silenced, spoken, \
            attended, cleared: null, or an object of afterMs (since the raise), at, officer, ground \
            (officer, line, declared, automatic, speech, folded).
            """)

    @OptionGroup var terminal: TerminalOptions
    @OptionGroup var speech: VoiceOptions
    @Flag(help: "持续显示变化 · go on with every change")
    var follow = false

    func run() throws {
        let task = try terminal.task(speech.voice)
        try (follow ? task.follow() : task.alarms()).end()
    }
}

/// What the four actions of an officer have in common.
struct ActionOptions: ParsableArguments {
    @Argument(help: "报警编号、监室终端名或行号 · its id (the run may be shortened), its cell, or its line on the list")
    var alarm: String

    @Option(help: "警号 · the officer's number")
    var officer: OfficerID

    @OptionGroup var terminal: TerminalOptions
    @OptionGroup var speech: VoiceOptions

    func perform(_ action: OfficerAction) throws {
        try terminal.task(speech.voice).act(action, on: alarm, officer: officer).end()
    }
}

/// `watchpost ack`
struct Acknowledge: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ack",
        abstract: "确认：由我处理，声音最多暂停两分钟 · I have it; the sound pauses for two minutes at most")
    @OptionGroup var options: ActionOptions
    func run() throws { try options.perform(.acknowledge) }
}

/// `watchpost attend`
struct Attend: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "到场：民警已在监室门口 · an officer is at the door")
    @OptionGroup var options: ActionOptions
    func run() throws { try options.perform(.attend) }
}

/// `watchpost clear`
struct Clear: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "解除：紧急报警须先到场 · ends an alarm; an emergency only after attendance")
    @OptionGroup var options: ActionOptions
    func run() throws { try options.perform(.clear) }
}

/// `watchpost silence`
struct Silence: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "静音：最多两分钟，之后再次鸣响 · pauses the sound for two minutes at most")
    @OptionGroup var options: ActionOptions
    func run() throws { try options.perform(.silence) }
}
