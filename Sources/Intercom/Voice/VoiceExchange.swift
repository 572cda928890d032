// SPDX-License-Identifier: Apache-2.0
import Audio
import Facility
import Synchronization

/// What the two threads of one call and whoever steers it tell each other. Any thread; locks are held for a
/// few copies only.
final class VoiceExchange: Sendable {
    /// What the playback thread knows of the other side's stream.
    struct Heard {
        var source: UInt32 = 0
        var packets = 0
        var refused = 0
        var lost = 0
        var late = 0
        var highestSequence: UInt32 = 0
        var expectedPackets = 0
        var jitterTicks: UInt32 = 0
        var lastReport: UInt32 = 0
        var lastReportNs: UInt64 = 0
        var peerDelayUs: UInt32?
        var roundTripUs: Int = -1
        var waitUs = 0
        var cardUs = 0
        var concealed = 0
        var recovered = 0
        var framesPlayed = 0
        var recoveries = 0
        var levelDb = -96.0
        var trouble: String?
        var digits: [UInt8] = []
        var isBye = false
    }

    /// What the capture thread knows.
    struct Said {
        var source: UInt32 = 0
        var packets = 0
        var framesCaptured = 0
        var recoveries = 0
        var levelDb = -96.0
        var echoReductionDb = -1.0
        var residualDb = -96.0
        var delayUs = 0
        var isHalfDuplex = false
        var trouble: String?
    }

    struct Steering {
        var plan: MediaPlan
        var keys: [UInt8] = []
    }

    let isStopped = Atomic<Bool>(false)
    let isHeld = Atomic<Bool>(false)
    let isGateOpen = Atomic<Bool>(false)
    let isMuted = Atomic<Bool>(false)
    let isKeyHeld = Atomic<Bool>(false)
    /// Rises with each new plan: a thread that sees another number takes the plan.
    let planNumber = Atomic<Int>(1)
    /// What the loudspeaker is lowered to, in thousandths, as the capture thread decides.
    let playGain = Atomic<Int>(1_000)
    let heard = Mutex(Heard())
    let said = Mutex(Said())
    let steering: Mutex<Steering>
    let settings: VoiceSettings

    init(plan: MediaPlan, settings: VoiceSettings) {
        steering = Mutex(Steering(plan: plan))
        self.settings = settings
    }

    func report() -> VoiceReport {
        let (heard, said) = (heard.withLock { $0 }, said.withLock { $0 })
        let plan = steering.withLock { $0.plan }
        var report = VoiceReport()
        report.packetsSent = said.packets
        report.packetsReceived = heard.packets
        report.packetsLost = heard.lost
        report.packetsLate = heard.late
        report.packetsRefused = heard.refused
        report.jitterMs = Double(heard.jitterTicks) * 1_000 / Double(plan.codec.clockRate)
        report.roundTripMs = heard.roundTripUs < 0 ? -1 : Double(heard.roundTripUs) / 1_000
        if heard.packets > 0, heard.roundTripUs >= 0 {
            // A terminal that is not ours is taken for one that only waits for a frame.
            let before = heard.peerDelayUs.map(Int.init) ?? (plan.frameMs + 5) * 1_000
            let us = before + heard.roundTripUs / 2 + heard.waitUs + heard.cardUs
            report.mouthToEarMs = Double(us) / 1_000
        }
        report.bufferMs = Double(heard.waitUs) / 1_000
        report.echoReductionDb = said.echoReductionDb
        report.residualEchoDb = said.residualDb
        report.framesConcealed = heard.concealed
        report.framesRecovered = heard.recovered
        report.framesCaptured = said.framesCaptured
        report.framesPlayed = heard.framesPlayed
        report.cardRecoveries = heard.recoveries + said.recoveries
        report.isHalfDuplex = said.isHalfDuplex
        report.isGateOpen = isGateOpen.load(ordering: .acquiring)
        report.microphoneLevelDb = said.levelDb
        report.loudspeakerLevelDb = heard.levelDb
        report.digits = heard.digits
        report.cardTrouble = said.trouble ?? heard.trouble
        return report
    }
}
