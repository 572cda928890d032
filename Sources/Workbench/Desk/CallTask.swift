// SPDX-License-Identifier: Apache-2.0
import DeskLink
package import Facility
import Journal
import PanelLink

/// What a person does with the voice of one terminal: see its calls, call, answer, hang up, mute, hold, press
/// the key of push-to-talk; test its sound. On the tool's main thread; says its results through the voice and
/// answers with how it ended.
package struct CallTask {
    package enum Deed: Hashable, Sendable {
        case list
        case call(to: String, CallMode, reason: String, second: OfficerID?)
        case answer(CallID?)
        case hangUp(CallID?)
        case mute(Bool)
        case hold(Bool)
        /// The key of push-to-talk.
        case push(Bool)
        /// True: what is found is kept for the echo canceller.
        case test(keeps: Bool)

        var word: String {
            switch self {
            case .list: "calls"
            case .call: "call"
            case .answer: "answer"
            case .hangUp: "hangup"
            case .mute(let on): on ? "mute" : "unmute"
            case .hold(let on): on ? "hold" : "resume"
            case .push(let on): on ? "push" : "release"
            case .test(let keeps): keeps ? "calibrate" : "test"
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
        case .call(let to, let mode, let reason, let second):
            let grounds = CallGrounds(officer: officer, second: second, reason: reason)
            command = .call(to: to, mode, grounds)
        case .answer(let call): command = .answer(call)
        case .hangUp(let call): command = .hangUp(call)
        case .mute(let on): command = .mute(on)
        case .hold(let on): command = .hold(on)
        case .push(let on): command = .push(on)
        case .test(let keeps): return try test(deed, keeps: keeps, officer: officer)
        }
        return answer(deed, officer, try client().command(command, officer: officer))
    }

    private func answer(_ deed: Deed, _ officer: OfficerID?, _ refusal: CallRefusal?) -> Outcome {
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

    private func test(_ deed: Deed, keeps: Bool, officer: OfficerID?) throws(Fault) -> Outcome {
        let test: SoundTest
        switch try client().test(keeps: keeps, officer: officer) {
        case .success(let heard): test = heard
        case .failure(let refusal): return answer(deed, officer, refusal)
        }
        let phrase = test.phrase(keeps: keeps)
        if voice.speaksJSON {
            var line = JSONLine()
            line.add("action", deed.word)
            line.add("at", config.terminal.text)
            line.add("outcome", "\(test.outcome)")
            line.add("delayMs", .decimal(Double(test.delayUs) / 1_000))
            line.add("levelDb", .decimal(Double(test.levelCentiDb) / 100))
            line.add("clearDb", .decimal(Double(test.clearCentiDb) / 100))
            line.add("kept", test.isKept)
            line.add("zh", phrase.zh)
            line.add("en", phrase.en)
            voice.say(line)
        }
        guard test.outcome == .heard, test.isKept == keeps else { return voice.refuse(phrase) }
        if !voice.speaksJSON { voice.say(phrase) }
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

extension SoundTest {
    func phrase(keeps: Bool) -> Phrase {
        switch outcome {
        case .heard:
            let (ms, db) = ((delayUs + 500) / 1_000, levelCentiDb / 100)
            let (zh, en) =
                !keeps
                ? ("", "") : isKept ? ("，已保存", "; kept") : ("，但无法保存", "; but it could not be kept")
            return Phrase(
                "听到自己的扬声器：延迟 \(ms) ms，电平 \(db) dB\(zh)。",
                "It hears its own loudspeaker: \(ms) ms late, at \(db) dB\(en).")
        case .notHeard:
            return Phrase(
                "听不到自己的扬声器，请检查扬声器、麦克风和声卡。",
                "It does not hear its own loudspeaker; check loudspeaker, microphone and card.")
        case .interrupted:
            return Phrase("测试被更重要的声音打断，请重试。", "Something more important sounded; test again.")
        }
    }
}
