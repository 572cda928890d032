// SPDX-License-Identifier: Apache-2.0
import Facility
import Testing

@testable import ClipMaking

struct SpeechTests {
    @Test(.enabled(if: Speech.isThere, "espeak-ng is not installed"))
    func line_isSpoken_alwaysAlike() throws {
        let made = try Speech.Language.allCases.map { language in
            let text = language == .zh ? "早上好" : "-w /etc/passwd; $(reboot) good morning"
            let (one, two) = (try Speech.say(text, language), try Speech.say(text, language))
            let clip = try ClipMaker.make(one)
            #expect(try ClipMaker.make(two) == clip)
            return clip
        }
        #expect(made.allSatisfy { $0.ms > 300 && $0.loudnessLufs < -20 } && made[0].bytes != made[1].bytes)
    }

    @Test(arguments: [
        "", "a\nb", "a\u{0}b", "a\u{1b}[2J", String(repeating: "啊", count: 400), "\t",
    ])
    func text_isRefused_whenItIsNoLine(text: String) {
        #expect(throws: Fault.self) { try Speech.say(text, .en) }
    }
}
