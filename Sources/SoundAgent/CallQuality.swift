// SPDX-License-Identifier: Apache-2.0
import Intercom
import Recordings

/// What a call's voice was like, for the entry beside its recording. A value of the call desk, fed twice a
/// second.
struct CallQuality: Hashable, Sendable {
    private var last = VoiceReport()
    private var looks = 0
    private var jitterSum = 0.0
    private var jitterMost = 0.0
    private var delaySum = 0.0
    private var delayLooks = 0
    private var delayMost = 0.0
    private var halfDuplexLooks = 0
    private var troubles = 0

    mutating func saw(_ report: VoiceReport) {
        looks += 1
        jitterSum += report.jitterMs
        jitterMost = max(jitterMost, report.jitterMs)
        if report.mouthToEarMs >= 0 {
            delayLooks += 1
            delaySum += report.mouthToEarMs
            delayMost = max(delayMost, report.mouthToEarMs)
        }
        if report.isHalfDuplex { halfDuplexLooks += 1 }
        if report.cardTrouble != nil, last.cardTrouble == nil { troubles += 1 }
        last = report
    }

    /// Loss in thousandths; jitter and delay in ms, on the average and at most; echo in dB.
    func write(into entry: inout CallEntry) {
        let all = last.packetsReceived + last.packetsLost
        entry.add("received", "\(last.packetsReceived)")
        entry.add("loss", all > 0 ? "\(last.packetsLost * 1_000 / all)" : nil)
        entry.add("late", "\(last.packetsLate)")
        entry.add("concealed", "\(last.framesConcealed)")
        entry.add("recovered", "\(last.framesRecovered)")
        if looks > 0 { entry.add("jitter", Self.text(jitterSum / Double(looks))) }
        entry.add("jittermost", Self.text(jitterMost))
        if delayLooks > 0 {
            entry.add("delay", Self.text(delaySum / Double(delayLooks)))
            entry.add("delaymost", Self.text(delayMost))
        }
        if last.echoReductionDb >= 0 { entry.add("echo", Self.text(last.echoReductionDb)) }
        entry.add("echoleft", Self.text(last.residualEchoDb))
        if looks > 0 { entry.add("halfduplex", "\(halfDuplexLooks * 100 / looks)") }
        if troubles > 0 { entry.add("cardtroubles", "\(troubles)") }
    }

    /// One decimal; no library for it.
    private static func text(_ value: Double) -> String {
        guard value.isFinite, abs(value) < 1e9 else { return "-1" }
        let tenths = Int((value * 10).rounded())
        return "\(tenths < 0 ? "-" : "")\(abs(tenths) / 10).\(abs(tenths) % 10)"
    }
}
