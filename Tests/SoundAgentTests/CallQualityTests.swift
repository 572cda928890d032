// SPDX-License-Identifier: Apache-2.0
import Intercom
import Recordings
import Testing

@testable import SoundAgent

struct CallQualityTests {
    @Test func quality_isTheAverageAndTheWorst() {
        var quality = CallQuality()
        for (jitter, delay) in [(1.0, -1.0), (2.0, 20.0), (6.0, 30.04)] {
            var report = VoiceReport()
            (report.jitterMs, report.mouthToEarMs) = (jitter, delay)
            (report.packetsReceived, report.packetsLost) = (990, 10)
            report.echoReductionDb = 37.25
            quality.saw(report)
        }
        var entry = CallEntry()
        quality.write(into: &entry)
        #expect(entry["loss"] == "10" && entry["jitter"] == "3.0" && entry["jittermost"] == "6.0")
        #expect(entry["delay"] == "25.0" && entry["delaymost"] == "30.0" && entry["echo"] == "37.3")
        #expect(entry["echoleft"] == "-96.0" && entry["halfduplex"] == "0")
    }
}
