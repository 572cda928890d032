// SPDX-License-Identifier: Apache-2.0
import DeskLink
package import Facility
import Journal
import PanelLink

/// What a person does with the calls of one terminal: see them, call, answer, hang up, mute, hold. On the
/// tool's main thread; says its results through the voice and answers with how it ended.
package struct CallTask {
    package enum Deed: Hashable, Sendable {
        case list
        case call(to: String, listen: Bool, reason: String, second: OfficerID?)
        case answer(CallID?)
        case hangUp(CallID?)
        case mute(Bool)
        case hold(Bool)

        var word: String {
            switch self {
            case .list: "calls"
            case .call: "call"
            case .answer: "answer"
            case .hangUp: "hangup"
            case .mute(let on): on ? "mute" : "unmute"
            case .hold(let on): on ? "hold" : "resume"
            }
        }
    }

    private let voice: Voice
    private let config: TerminalConfig

    /// `terminal` nil: the only one configured there.
    package init(_ terminal: TerminalID?, _ place: ConfigPlace, _ voice: Voice) throws(Fault) {
        self.voice = voice
        let chosen: TerminalID
        if let terminal { chosen = terminal } else { chosen = try place.onlyTerminal() }
        config = try CompiledSite.readNewestGood(place.file(of: chosen)).config
    }

    private func client() throws(Fault) -> SoundClient {
        try SoundClient(terminal: config.terminal, daemon: SoundClient.path(config))
    }

    package func run(_ deed: Deed, officer: OfficerID?) throws(Fault) -> Outcome {
        let command: SoundCommand.Deed
        switch deed {
        case .list: return try list()
        case .call(let to, let listen, let reason, let second):
            let grounds = CallGrounds(officer: officer, second: second, reason: reason)
            command = .call(to: to, listen ? .listen : .talk, grounds)
        case .answer(let call): command = .answer(call)
        case .hangUp(let call): command = .hangUp(call)
        case .mute(let on): command = .mute(on)
        case .hold(let on): command = .hold(on)
        }
        let refusal = try client().command(command, officer: officer)
        if voice.speaksJSON {
            var line = JSONLine()
            line.add("action", deed.word)
            line.add("at", config.terminal.text)
            line.add("officer", officer?.text)
            line.add("done", refusal == nil)
            line.add("refusal", refusal.map { "\($0)" })
            line.add("zh", refusal?.phrase.zh)
            line.add("en", refusal?.phrase.en)
            voice.say(line)
        }
        if let refusal { return voice.refuse(refusal.phrase) }
        if !voice.speaksJSON { voice.say("\(deed.word): \(config.terminal)") }
        return .done
    }

    private func list() throws(Fault) -> Outcome {
        for call in try client().calls().calls {
            guard voice.speaksJSON else {
                let microphone = call.isMicrophoneOpen ? "  ●" : ""
                voice.say("\(call.urgency)  \(call.phase)  \(call.far)  \(call.ageMs / 1_000) s\(microphone)")
                continue
            }
            var line = JSONLine()
            line.add("call", call.id.description)
            line.add("phase", "\(call.phase)")
            line.add("urgency", "\(call.urgency)")
            line.add("mode", "\(call.mode)")
            line.add("far", call.far)
            line.add("alarm", call.alarm?.description)
            line.add("ageMs", call.ageMs)
            line.add("microphoneOpen", call.isMicrophoneOpen)
            line.add("twoWayMs", call.twoWayMs)
            line.add("mouthToEarMs", call.mouthToEarMs)
            line.add("heardDb", call.heardDb)
            line.add("packetsReceived", call.packetsReceived)
            voice.say(line)
        }
        return .done
    }
}
