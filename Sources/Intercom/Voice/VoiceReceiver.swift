// SPDX-License-Identifier: Apache-2.0
import Audio
import CLinux
import CVoiceDSP
import Facility
import Synchronization

/// What one call plays, on the loudspeaker's thread. Nothing is allocated per frame. Always true: what does
/// not come from the plan's address, or does not authenticate, is never heard and never becomes the address
/// that we send to.
///
///     UDP ─> source ─> [SRTP] ─> RTP ─> [RED] ─> Playout (jitter buffer, decoder) ─> Speaker ─> card
///                        └─> RTCP                                 ReferenceLine <──────┘
final class VoiceReceiver: HeardVoice {
    private let socket: MediaSocket
    private let exchange: VoiceExchange
    private let reference: ReferenceLine
    private let recorder: CallRecorder?
    private let rateHz: Int
    private let stepCount: Int
    private let voice: SampleBlock

    private var plan: MediaPlan
    private var planNumber = 0
    private var playout: Playout
    private var mediaGuard = MediaGuard()
    private var stream = StreamCount()
    private var packet = [UInt8](repeating: 0, count: Limits.mediaPacketMaxBytes + 64)
    private var blocks = [Redundancy.Block](
        repeating: Redundancy.Block(offset: 0, bytes: 0..<0, payloadType: 0), count: 8)
    private var refused = 0
    private var peerDelayUs: UInt32?
    private var roundTripUs = -1
    private var lastReport: UInt32 = 0
    private var lastReportNs: UInt64 = 0
    private var lastKey: UInt32?
    private var isBye = false
    private var power = 0.0
    private var untilTold = 0
    private var gain: Float = 1
    private var concealedBefore = 0
    private var recoveredBefore = 0

    init(
        socket: MediaSocket, exchange: VoiceExchange, reference: ReferenceLine, recorder: CallRecorder?
    ) throws(Fault) {
        self.socket = socket
        self.exchange = exchange
        self.reference = reference
        self.recorder = recorder
        rateHz = exchange.settings.sampleRateHz
        stepCount = rateHz * Limits.playoutStepUs / 1_000_000
        voice = SampleBlock(stepCount)
        plan = exchange.steering.withLock { $0.plan }
        playout = try Self.playout(plan, exchange.settings)
        if let keys = plan.srtp { mediaGuard = try MediaGuard(suite: keys.suite, key: keys.receiveKey) }
        planNumber = exchange.planNumber.load(ordering: .acquiring)
    }

    private static func playout(_ plan: MediaPlan, _ settings: VoiceSettings) throws(Fault) -> Playout {
        Playout(
            codec: try plan.codec.made(settings, frameMs: plan.frameMs, isOwn: plan.redundancy != nil),
            choice: plan.codec, frameMs: plan.frameMs, rateHz: settings.sampleRateHz)
    }

    var descriptors: (Int32, Int32) { (socket.rtp, socket.rtcp) }

    func receive() {
        receive(socket.rtp)
        receive(socket.rtcp)
    }

    func next(_ block: SampleBlock, count: Int) {
        renewPlan()
        playout.pull(voice, count: count, at: Uptime(nanoseconds: wp_uptime_ns()))
        if !plan.direction.receives { voice.silence(count) }
        power += (wp_power(voice.base, count) - power) / 64
        let wanted = Float(exchange.playGain.load(ordering: .relaxed)) / 1_000
        block.base.update(from: voice.base, count: count)
        wp_ramp(block.base, gain, wanted, count)
        gain = wanted
    }

    func played(_ mixed: SampleBlock, count: Int, soundsAtNs: UInt64, watch: CardWatch) {
        if exchange.isGateOpen.load(ordering: .acquiring) {
            recorder?.heard(voice, count: count, atNs: soundsAtNs)
        }
        reference.wrote(mixed, count: count, soundsAtNs: soundsAtNs)
        untilTold -= 1
        if untilTold < 0 {
            tell(soundsAtNs, watch)
            untilTold = Limits.voiceTellStepsCount
        }
    }

    private func renewPlan() {
        let number = exchange.planNumber.load(ordering: .acquiring)
        guard number != planNumber else { return }
        planNumber = number
        let new = exchange.steering.withLock { $0.plan }
        if new.codec != plan.codec || new.frameMs != plan.frameMs || new.redundancy != plan.redundancy,
            let made = try? Self.playout(new, exchange.settings)
        {
            concealedBefore += playout.concealedCount
            recoveredBefore += playout.recoveredCount + playout.copyCount
            playout = made
        }
        if new.srtp != plan.srtp {
            mediaGuard =
                new.srtp.flatMap { try? MediaGuard(suite: $0.suite, key: $0.receiveKey) } ?? MediaGuard()
        }
        plan = new
    }

    private func receive(_ fd: Int32) {
        for _ in 0..<Limits.mediaPacketsPerTurnCount {
            var (host, port): (UInt32, UInt16) = (0, 0)
            let count = wp_udp_receive(fd, &packet, Limits.mediaPacketMaxBytes, &host, &port)
            // A host that is gone answers our packets with errors: nothing to read.
            guard count >= 0 else { return }
            let isReports = fd == socket.rtcp
            let expected = isReports ? plan.remote.port &+ 1 : plan.remote.port
            guard host == plan.remote.host, port == expected,
                exchange.settings.allowsPlainRTP || plan.srtp != nil, count >= 8
            else {
                refused += 1
                continue
            }
            // RFC 5761: these types are RTCP's.
            if isReports || (plan.rtcpMux && 192...223 ~= packet[1]) {
                takeReport(Int(count))
            } else {
                takeVoice(Int(count))
            }
        }
    }

    private func takeVoice(_ received: Int) {
        let now = Uptime(nanoseconds: wp_uptime_ns())
        guard let count = mediaGuard.open(&packet, count: received),
            let head = try? RTPPacket(packet, count: count)
        else {
            refused += 1
            return
        }
        guard stream.take(head, at: now, clockRate: plan.codec.clockRate) else {
            refused += 1
            return
        }
        switch head.payloadType {
        case plan.codec.payloadType:
            _ = playout.put(
                packet, start: head.payload.lowerBound, count: head.payload.count, sequence: head.sequence,
                timestamp: head.timestamp, at: now)
        case plan.redundancy: takeRedundant(head, at: now)
        case plan.telephoneEvent: takeKey(head)
        default: refused += 1
        }
    }

    private func takeRedundant(_ head: RTPPacket, at now: Uptime) {
        guard let count = try? Redundancy.read(packet, payload: head.payload, into: &blocks) else {
            refused += 1
            return
        }
        let ticks = max(1, plan.codec.clockRate * plan.frameMs / 1_000)
        for index in stride(from: count - 1, through: 0, by: -1)
        where blocks[index].payloadType == plan.codec.payloadType && !blocks[index].bytes.isEmpty {
            let block = blocks[index]
            _ = playout.put(
                packet, start: block.bytes.lowerBound, count: block.bytes.count,
                sequence: head.sequence &- UInt16(truncatingIfNeeded: block.offset / ticks),
                timestamp: head.timestamp &- UInt32(block.offset), at: now, isCopy: block.offset > 0)
        }
    }

    private func takeKey(_ head: RTPPacket) {
        guard let event = TelephoneEvent(packet, payload: head.payload), lastKey != head.timestamp else {
            return
        }
        lastKey = head.timestamp
        exchange.heard.withLock { heard in
            if heard.digits.count >= 16 { heard.digits.removeFirst() }
            heard.digits.append(event.symbol)
        }
    }

    private func takeReport(_ received: Int) {
        guard let count = mediaGuard.open(&packet, count: received, isRTCP: true),
            let report = try? RTCPReport(packet, count: count)
        else {
            refused += 1
            return
        }
        let now = wp_uptime_ns()
        if let sender = report.sender {
            lastReport = UInt32(truncatingIfNeeded: sender.ntp >> 16)
            lastReportNs = now
        }
        if let delay = report.sendDelayUs { peerDelayUs = min(delay, 1_000_000) }
        if report.isBye { isBye = true }
        let own = exchange.said.withLock { $0.source }
        if let block = report.block, block.lastReport != 0, block.source == own {
            let at = UInt32(truncatingIfNeeded: VoiceSender.ntp(now) >> 16)
            let units = Int(Int32(bitPattern: at &- block.lastReport &- block.sinceLastReport))
            if units >= 0, units < 10 << 16 { roundTripUs = units * 1_000_000 / 65_536 }
        }
    }

    private func tell(_ next: UInt64, _ watch: CardWatch) {
        let now = wp_uptime_ns()
        let waitUs = playout.waitUs(at: Uptime(nanoseconds: now))
        exchange.heard.withLock { heard in
            heard.source = stream.source
            heard.packets = stream.packets
            heard.expectedPackets = stream.expected
            heard.highestSequence = stream.highest
            heard.jitterTicks = UInt32(stream.jitter)
            heard.refused = refused
            heard.lost = max(0, stream.expected - stream.packets)
            heard.late = playout.lateCount
            heard.concealed = concealedBefore + playout.concealedCount
            heard.recovered = recoveredBefore + playout.recoveredCount + playout.copyCount
            heard.waitUs = heard.waitUs == 0 ? waitUs : (heard.waitUs * 7 + waitUs) / 8
            let cardUs = next > now ? Int((next - now) / 1_000) : 0
            heard.cardUs = heard.cardUs == 0 ? cardUs : (heard.cardUs * 7 + cardUs) / 8
            heard.framesPlayed = watch.frames
            heard.recoveries = watch.recoveries
            heard.levelDb = Decibel.of(power: power)
            heard.peerDelayUs = peerDelayUs
            heard.roundTripUs = roundTripUs
            (heard.lastReport, heard.lastReportNs) = (lastReport, lastReportNs)
            heard.isBye = isBye
            if (heard.trouble == nil) != (watch.trouble == nil) {
                heard.trouble = watch.trouble?.description
            }
        }
    }
}
