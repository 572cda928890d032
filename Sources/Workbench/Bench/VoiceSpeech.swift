// SPDX-License-Identifier: Apache-2.0
import Foundation

/// Speech to measure a call with, made on the spot: the same everywhere, two voices, sentence by sentence.
/// Files in a folder of the bench.
struct VoiceSpeech {
    /// Everything, one sentence after the other; `segments` says where each stands, in seconds.
    let wav: String
    let segments: String
    /// Who is far, and who is near and speaks at the same time.
    let far: String
    let near: String

    private static let sentences: [(voice: String, words: String)] = [
        (
            "en-us+m3",
            "Attention all posts. The north corridor door is open and one person is waiting at the gate."
        ),
        ("en-us+f2", "Stay where you are, help is on the way, and tell me which cell you are calling from."),
        ("cmn+m7", "请留在原地，值班民警马上就到。请告诉我你在哪个监室。"),
        (
            "en-gb+m7",
            "The morning inspection begins at six thirty. Everyone must be ready, and the lights stay on."
        ),
        ("cmn+f3", "紧急报警已经收到，请保持安静，等待工作人员的安排。"),
    ]

    /// nil: there is nothing to speak with.
    static func make(in folder: String) -> VoiceSpeech? {
        let tools = ["/usr/bin/espeak-ng", "/usr/bin/sox", "/usr/bin/soxi"]
        guard tools.allSatisfy({ access($0, X_OK) == 0 }) else { return nil }
        var parts: [String] = []
        var table = ""
        var seconds = 0.0
        for (number, sentence) in sentences.enumerated() {
            let (raw, part) = ("\(folder)/raw\(number).wav", "\(folder)/part\(number).wav")
            _ = VoiceTrial.output(tools[0], ["-v", sentence.voice, "-s", "150", "-w", raw, sentence.words])
            _ = VoiceTrial.output(
                tools[1],
                [
                    "-D", raw, "-r", "16000", "-c", "1", "-b", "16", part, "gain", "-n", "-6", "highpass",
                    "80",
                    "lowpass", "7500", "pad", "0.4", "0.6",
                ])
            guard let length = VoiceTrial.output(tools[2], ["-D", part]).flatMap({ Double($0.trimmed) })
            else {
                return nil
            }
            parts.append(part)
            table += "\(seconds) \(seconds + length)\n"
            seconds += length
        }
        let all = "\(folder)/said.wav"
        _ = VoiceTrial.output(tools[1], parts + ["-b", "16", all])
        guard (try? table.write(toFile: "\(folder)/said.txt", atomically: true, encoding: .utf8)) != nil
        else {
            return nil
        }
        return VoiceSpeech(wav: all, segments: "\(folder)/said.txt", far: all, near: parts[1])
    }
}

extension String {
    fileprivate var trimmed: String { trimmingCharacters(in: .whitespacesAndNewlines) }
}
