// SPDX-License-Identifier: Apache-2.0
package import Facility
import Recordings

// What an inspector does with a recording and its seal: is every second as it was recorded, and by whom.
extension RecordTask {
    /// Is this a recording rather than a journal?
    package static func isRecording(_ path: String) -> Bool {
        path.hasSuffix(".opus") || path.hasSuffix(".opus.part")
    }

    /// The seal lies beside it: `NAME.opus.seal`. 1 when anything is not as it was recorded, or by another
    /// key than `key`.
    package func verify(recording path: String, key: String?) throws(Fault) -> Outcome {
        let bare = path.hasSuffix(".part") ? String(path.dropLast(5)) : path
        guard let file = RecordingFile(path) else {
            throw Fault(
                "verify", at: path, cause: "it cannot be read, or is too long for a recording",
                hint: "Name an existing file: NAME.opus, with NAME.opus.seal beside it.")
        }
        let seal = RecordingFile(bare + ".seal").flatMap { seal in
            seal.size <= Limits.recordingSealMaxBytes ? seal.read(0, seal.size) : nil
        }
        var finding = file.finding(name: nil, seal: seal.map { String(decoding: $0, as: UTF8.self) } ?? "")
        // Found under another name it is another call's.
        let name = bare.split(separator: "/").last.map { String($0.dropLast(5)) } ?? ""
        if finding.wrong == nil, finding.name != name { finding.wrong = .otherName }
        if finding.wrong == nil, let key, finding.key != key.lowercased() { finding.wrong = .otherKey }
        tell(finding, path)
        if let wrong = finding.wrong {
            let at = Self.time(finding.goodMs)
            return voice.refuse(
                Phrase(
                    "录音自 \(at) 起不可信：\(wrong.phrase.zh)。请保留此文件。",
                    "Not as it was recorded from \(at) on: \(wrong.phrase.en). Keep this file."))
        }
        guard finding.key != nil else {
            return voice.refuse(Phrase("录音未签名，来源无法证明。", "It is not signed: nothing proves whose it is."))
        }
        return .done
    }

    private func tell(_ finding: RecordingFinding, _ path: String) {
        let name = RecordingName(finding.name)
        guard !voice.speaksJSON else {
            var line = JSONLine()
            line.add("file", path)
            line.add("name", finding.name)
            line.add("call", name?.call.description)
            line.add("ending", finding.ending?.rawValue)
            line.add("goodMs", finding.goodMs)
            line.add("goodBytes", finding.goodBytes)
            line.add("chunks", finding.goodChunks)
            line.add("signedChunks", finding.signedChunks)
            line.add("key", finding.key)
            line.add("intact", finding.isWhole)
            line.add("wrong", finding.wrong.map { "\($0)" })
            return voice.say(line)
        }
        let length = Self.time(finding.goodMs)
        voice.say(
            Phrase(
                "\(path)：\(finding.name)，\(length)，\(finding.goodChunks) 段",
                "\(path): \(finding.name), \(length), \(finding.goodChunks) chunks"))
        if let key = finding.key { voice.say(Phrase("  签名密钥 \(key)", "  signed by \(key)")) }
        guard finding.wrong == nil else { return }
        switch finding.ending {
        case .end: voice.say(Phrase("录音完整，未被改动。", "The recording is whole; nothing was altered."))
        case .cut:
            voice.say(
                Phrase(
                    "通话中断，此前录音未被改动，由下次启动时封存。",
                    "It was cut off; what was recorded until then is unaltered, sealed at the next start."))
        case .sealed, nil:
            voice.say(
                Phrase(
                    "录音没有结束标记：其后可能还有内容；已签名 \(finding.signedChunks) 段。",
                    "It has no end: there may have been more; \(finding.signedChunks) chunks are signed."))
        }
    }

    /// 4:07.3
    private static func time(_ ms: Int) -> String {
        let (minutes, seconds) = (ms / 60_000, ms / 1_000 % 60)
        return "\(minutes):\(seconds < 10 ? "0" : "")\(seconds).\(ms % 1_000 / 100)"
    }
}
