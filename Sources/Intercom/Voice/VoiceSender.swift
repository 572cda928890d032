// SPDX-License-Identifier: Apache-2.0
import Audio
import CLinux
import CVoiceDSP
import Facility
import Synchronization

/// The capture thread of one call. Nothing is allocated per frame. Always true: while the gate is shut
/// nothing leaves, RTCP neither.
///
///     card ─> SteadyCapture ─> EchoCanceller <─ ReferenceLine (what the loudspeaker played then)
///                                   └─> duplex ─> gate ─> [rate] ─> encode ─> [RED] ─> [SRTP] ─> UDP
final class VoiceSender {
    private let socket: MediaSocket
    private let exchange: VoiceExchange
    private let reference: ReferenceLine
    private let capture: SteadyCapture
    private let recorder: CallRecorder?
    private let canceller: EchoCanceller
    private var duplex: DuplexGuard
    private var control = GainControl()
    private let referenceLagNs: UInt64
    private let rateHz: Int
    private let stepCount: Int

    private let microphone: SampleBlock
    private let loudspeaker: SampleBlock
    private let clean: SampleBlock
    private let frame: SampleBlock
    private let coded = SampleBlock(5_760)
    private var frameCount = 0

    private var plan: MediaPlan
    private var planNumber = 0
    private var codec: any AudioCodec
    private var change: RateChange
    private var mediaGuard = MediaGuard()
    private var redundant: RedundantFrames?
    private var encoded = [UInt8](repeating: 0, count: Limits.voiceFrameMaxBytes)
    private var packet = [UInt8](repeating: 0, count: Limits.mediaPacketMaxBytes * 3)
    private var report = [UInt8](repeating: 0, count: RTCPReport.maxBytes + 64)

    private let source = UInt32.random(in: 1...UInt32.max)
    private var sequence = UInt16.random(in: 0...0x7fff)
    private var timestamp = UInt32.random(in: 0...UInt32.max)
    private var packets = 0
    private var octets = 0
    private var isSilentBefore = true
    private var sendGain: Float = 1
    private var keys = KeySender()
    private var reportNs: UInt64 = 0
    private var lostBefore = 0
    private var expectedBefore = 0

    init(
        socket: MediaSocket, exchange: VoiceExchange, reference: ReferenceLine, card: SoundCard,
        recorder: CallRecorder?
    ) throws(Fault) {
        let settings = exchange.settings
        self.socket = socket
        self.exchange = exchange
        self.reference = reference
        self.recorder = recorder
        rateHz = settings.sampleRateHz
        stepCount = rateHz / 100
        referenceLagNs = UInt64(max(0, settings.calibratedDelayMs - Limits.echoLeadMs)) * 1_000_000
        capture = SteadyCapture(card, rateHz: rateHz)
        canceller = EchoCanceller(
            settings.canceller.kind, rateHz: rateHz, suppressesNoise: settings.suppressesNoise)
        duplex = DuplexGuard(isForced: settings.talk == .halfDuplex)
        microphone = SampleBlock(stepCount)
        loudspeaker = SampleBlock(stepCount)
        clean = SampleBlock(stepCount)
        frame = SampleBlock(6 * stepCount)
        plan = exchange.steering.withLock { $0.plan }
        codec = try plan.codec.made(settings, frameMs: plan.frameMs, isOwn: plan.redundancy != nil)
        change = RateChange(from: rateHz, to: codec.rateHz)
        try take(plan)
        planNumber = exchange.planNumber.load(ordering: .acquiring)
        exchange.said.withLock { $0.source = source }
    }

    /// The thread's life; one after another, where the call was held between.
    func run() {
        while !exchange.isStopped.load(ordering: .acquiring), !exchange.isHeld.load(ordering: .acquiring) {
            step()
        }
        capture.close()
    }

    /// 10 ms.
    func step() {
        _ = capture.read(microphone, count: stepCount)
        let lastNs = capture.lastFrameNs
        reference.read(loudspeaker, count: stepCount, lastNs: lastNs &- referenceLagNs)
        canceller.run(microphone, reference: loudspeaker, into: clean)
        let gains = duplex.step(
            near: canceller.nearDb, far: canceller.farDb, residual: canceller.residualDb, ms: 10)
        exchange.playGain.store(Int(gains.play * 1_000), ordering: .relaxed)
        var gain = gains.send
        if exchange.settings.controlsGain {
            gain *= control.step(near: canceller.nearDb, residual: canceller.residualDb, ms: 10)
        }
        wp_ramp(clean.base, sendGain, gain, stepCount)
        sendGain = gain
        renewPlan()
        let isOpen = exchange.isGateOpen.load(ordering: .acquiring)
        if isOpen, !mayspeak { clean.silence(stepCount) }
        if isOpen { recorder?.said(clean, count: stepCount, atNs: lastNs) }
        (frame.base + frameCount).update(from: clean.base, count: stepCount)
        frameCount += stepCount
        guard frameCount >= plan.frameMs * rateHz / 1_000 else { return }
        send(isOpen: isOpen && plan.direction.sends, lastNs: lastNs)
        frameCount = 0
        timestamp &+= UInt32(plan.codec.clockRate * plan.frameMs / 1_000)
        tell(lastNs: lastNs, isOpen: isOpen)
    }

    private var mayspeak: Bool {
        guard !exchange.isMuted.load(ordering: .acquiring) else { return false }
        return exchange.settings.talk != .pushToTalk || exchange.isKeyHeld.load(ordering: .acquiring)
    }

    private func renewPlan() {
        let number = exchange.planNumber.load(ordering: .acquiring)
        guard number != planNumber else { return }
        planNumber = number
        let new = exchange.steering.withLock { $0.plan }
        guard new != plan else { return }
        // What cannot be made was refused by `update` already.
        try? take(new, replacing: plan)
        plan = new
    }

    private func take(_ new: MediaPlan, replacing old: MediaPlan? = nil) throws(Fault) {
        if let old, new.codec != old.codec || new.frameMs != old.frameMs {
            codec = try new.codec.made(
                exchange.settings, frameMs: new.frameMs, isOwn: new.redundancy != nil)
            change = RateChange(from: rateHz, to: codec.rateHz)
            frameCount = 0
        }
        if old == nil || new.srtp != old?.srtp {
            if let keys = new.srtp {
                mediaGuard = try MediaGuard(suite: keys.suite, key: keys.sendKey)
            } else {
                mediaGuard = MediaGuard()
            }
        }
        if old == nil || new.redundancy != old?.redundancy {
            redundant = new.redundancy.map { _ in RedundantFrames(depth: Limits.redundantFramesCount) }
        }
    }

    private func send(isOpen: Bool, lastNs: UInt64) {
        guard isOpen else {
            isSilentBefore = true
            return
        }
        if keys.isIdle,
            let key = exchange.steering.withLock({ $0.keys.isEmpty ? nil : $0.keys.removeFirst() })
        {
            keys.begin(key, timestamp: timestamp)
        }
        if let type = plan.telephoneEvent,
            let event = keys.next(ticks: plan.codec.clockRate * plan.frameMs / 1_000)
        {
            event.write(to: &packet, at: RTPPacket.headBytes)
            transmit(
                type: type, end: RTPPacket.headBytes + TelephoneEvent.byteCount, timestamp: keys.timestamp,
                isMarked: keys.isFirst)
            return
        }
        let samples = change.run(frame, count: frameCount, into: coded)
        let count = codec.encode(coded, count: samples, into: &encoded)
        guard count > 0 else { return }
        var end = RTPPacket.headBytes
        var type = plan.codec.payloadType
        if let outer = plan.redundancy, redundant != nil {
            end =
                redundant?.write(
                    encoded, count: count, timestamp: timestamp, payloadType: type, to: &packet, at: end)
                ?? end
            type = outer
        } else {
            for index in 0..<count { packet[end + index] = encoded[index] }
            end += count
        }
        transmit(type: type, end: end, timestamp: timestamp, isMarked: isSilentBefore)
        isSilentBefore = false
    }

    private func transmit(type: UInt8, end: Int, timestamp: UInt32, isMarked: Bool) {
        RTPPacket(
            payloadType: type, isMarked: isMarked, sequence: sequence, timestamp: timestamp, source: source
        ).write(to: &packet)
        sequence &+= 1
        guard exchange.settings.allowsPlainRTP || plan.srtp != nil,
            let count = mediaGuard.protect(&packet, count: end)
        else { return }
        guard wp_udp_send(socket.rtp, packet, count, plan.remote.host, plan.remote.port) == 0 else { return }
        packets += 1
        octets += end - RTPPacket.headBytes
    }

    /// What the report shows, and once a second what the other side hears of it.
    private func tell(lastNs: UInt64, isOpen: Bool) {
        let now = wp_uptime_ns()
        let delayUs =
            Int((now &- lastNs) / 1_000) + plan.frameMs * 1_000 + codec.delayUs + canceller.delayUs
        exchange.said.withLock { said in
            said.packets = packets
            said.framesCaptured = capture.watch.frames
            said.recoveries = capture.watch.recoveries
            said.levelDb = canceller.microphoneDb
            said.echoReductionDb = canceller.reductionDb
            said.residualDb = canceller.residualDb
            said.isHalfDuplex = duplex.isHalf
            said.delayUs = said.delayUs == 0 ? delayUs : (said.delayUs * 15 + delayUs) / 16
            if said.trouble == nil ? capture.watch.trouble != nil : capture.watch.trouble == nil {
                said.trouble = capture.watch.trouble?.description
            }
        }
        guard isOpen, now >= reportNs else { return }
        reportNs = now + UInt64(Limits.mediaReportMs) * 1_000_000
        sendReport(now: now)
    }

    private func sendReport(now: UInt64) {
        let heard = exchange.heard.withLock { $0 }
        var block: RTCPReport.Block?
        if heard.packets > 0 {
            var made = RTCPReport.Block()
            made.source = heard.source
            let (expected, lost) = (heard.expectedPackets - expectedBefore, heard.lost - lostBefore)
            (expectedBefore, lostBefore) = (heard.expectedPackets, heard.lost)
            made.lostFraction = UInt8(max(0, min(255, expected > 0 ? lost * 256 / expected : 0)))
            made.lostCount = Int32(clamping: heard.lost)
            made.highestSequence = heard.highestSequence
            made.jitterTicks = heard.jitterTicks
            made.lastReport = heard.lastReport
            if heard.lastReport != 0 {
                made.sinceLastReport = UInt32(
                    truncatingIfNeeded: ((now - heard.lastReportNs) << 16) / 1_000_000_000)
            }
            block = made
        }
        let delay = exchange.said.withLock { UInt32(clamping: $0.delayUs) }
        let made = RTCPReport(
            source: source,
            sender: RTCPReport.SenderPart(
                ntp: Self.ntp(now), timestamp: timestamp, packets: UInt32(truncatingIfNeeded: packets),
                octets: UInt32(truncatingIfNeeded: octets)),
            block: block, sendDelayUs: delay)
        let length = made.write(to: &report)
        guard exchange.settings.allowsPlainRTP || plan.srtp != nil,
            let count = mediaGuard.protect(&report, count: length, isRTCP: true)
        else { return }
        let fd = plan.rtcpMux ? socket.rtp : socket.rtcp
        let port = plan.rtcpMux ? plan.remote.port : plan.remote.port &+ 1
        _ = wp_udp_send(fd, report, count, plan.remote.host, port)
    }

    /// Time since this machine started, as RTCP writes times: it never steps (RFC 3550 allows it).
    static func ntp(_ ns: UInt64) -> UInt64 {
        let (seconds, rest) = ns.quotientAndRemainder(dividingBy: 1_000_000_000)
        return seconds << 32 | (rest << 32) / 1_000_000_000
    }
}
