// SPDX-License-Identifier: Apache-2.0
package import Audio
import CLinux
import CVoiceDSP
package import Facility
import Synchronization

/// The voice of one page on its way out: an attention tone, then a sound or the microphone, to every group
/// and every copy. A thread of its own; any thread starts, stops and adds; whoever starts it stops it. Always
/// true: after `stop` returned not one packet leaves, and the microphone is closed.
///
///     tone, sound ──┐              ┌─ our group, copies (SRTP)
///                   ├─> 20 ms ─> encode once for each route
///     microphone ───┘              └─ groups of others (plain RTP)
package final class PageStream: Sendable {
    /// One way in which the page is coded and sealed, and where it goes so.
    package struct Route: Sendable {
        package var codec: PageCodec
        package var source: UInt32
        /// nil: plain.
        package var key: [UInt8]?
        package var to: [MediaAddress]

        package init(codec: PageCodec, source: UInt32, key: [UInt8]? = nil, to: [MediaAddress]) {
            (self.codec, self.source, self.key, self.to) = (codec, source, key, to)
        }
    }

    package enum Voice: Sendable {
        /// At the rate of the stream.
        case sound([Int16])
        case microphone(SoundCard)
    }

    package struct Report: Hashable, Sendable {
        /// Frames of 20 ms.
        package var frames = 0
        /// CLOCK_MONOTONIC; 0: none has left.
        package var firstNs: UInt64 = 0
        package var trouble: String?
        /// The sound was sent to its end.
        package var isDone = false
    }

    private let port: PagePort
    private let ways: Mutex<[PageWay]>
    private let tone: [Int16]
    private let voice: Voice
    private let rateHz: Int
    private let isStopped = Atomic(false)
    private let state = Mutex(Report())
    private let thread = Mutex<SoundThread?>(nil)

    package init(
        _ routes: [Route], from port: PagePort, tone: [Int16], voice: Voice, rateHz: Int
    ) throws(Fault) {
        var made: [PageWay] = []
        for route in routes { made.append(try PageWay(route, rateHz: rateHz)) }
        ways = Mutex(made)
        (self.port, self.tone, self.voice, self.rateHz) = (port, tone, voice, rateHz)
    }

    package func start() {
        thread.withLock { thread in
            guard thread == nil else { return }
            thread = SoundThread("wp-paging") { self.run() }
        }
    }

    package func stop() {
        isStopped.store(true, ordering: .releasing)
        thread.withLock { $0.take() }?.join()
    }

    /// From the next packet on, the first route goes there as well.
    package func add(copy: MediaAddress) {
        ways.withLock { ways in if !ways[0].to.contains(copy) { ways[0].to.append(copy) } }
    }

    package func remove(copy: MediaAddress) {
        ways.withLock { ways in ways[0].to.removeAll { $0 == copy } }
    }

    package var report: Report { state.withLock { $0 } }

    private func run() {
        let frame = SampleBlock(rateHz * Limits.pagingFrameMs / 1_000)
        switch voice {
        case .sound(let samples): send(tone + samples, frame)
        case .microphone(let card): speak(card, frame)
        }
    }

    private func send(_ samples: [Int16], _ frame: SampleBlock) {
        var (at, dueNs) = (0, wp_uptime_ns())
        while at < samples.count, !isStopped.load(ordering: .acquiring) {
            let count = min(frame.capacity, samples.count - at)
            frame.silence(frame.capacity)
            for index in 0..<count { frame[index] = samples[at + index] }
            send(frame)
            at += count
            dueNs += UInt64(Limits.pagingFrameMs) * 1_000_000
            wp_wait_until_ns(dueNs)
        }
        if !isStopped.load(ordering: .acquiring) { state.withLock { $0.isDone = true } }
    }

    /// The card sets the pace; what it hears under the tone is not sent.
    private func speak(_ card: SoundCard, _ frame: SampleBlock) {
        let capture = SteadyCapture(card, rateHz: rateHz)
        let step = SampleBlock(rateHz / 100)
        var (at, filled) = (0, 0)
        while !isStopped.load(ordering: .acquiring) {
            _ = capture.read(step, count: step.capacity)
            for index in 0..<step.capacity {
                frame[filled + index] = at + index < tone.count ? tone[at + index] : step[index]
            }
            at += step.capacity
            filled += step.capacity
            guard filled >= frame.capacity else { continue }
            filled = 0
            send(frame)
            let trouble = capture.watch.trouble?.description
            state.withLock { $0.trouble = trouble }
        }
        capture.close()
    }

    private func send(_ frame: SampleBlock) {
        ways.withLock { ways in
            for way in ways { way.send(frame, by: port) }
        }
        state.withLock { state in
            if state.firstNs == 0 { state.firstNs = wp_uptime_ns() }
            state.frames += 1
        }
    }
}

/// One route at work.
// SAFETY: touched inside the stream's lock alone.
private final class PageWay: @unchecked Sendable {
    var to: [MediaAddress]
    private let route: PageStream.Route
    private let codec: any AudioCodec
    private let change: RateChange
    private let mediaGuard: MediaGuard
    private let coded = SampleBlock(5_760)
    private var encoded = [UInt8](repeating: 0, count: Limits.voiceFrameMaxBytes)
    private var packet = [UInt8](repeating: 0, count: Limits.mediaPacketMaxBytes + 64)
    private var sequence = UInt16.random(in: 0...0x7fff)
    private var timestamp = UInt32.random(in: 0...UInt32.max)
    private var isFirst = true

    init(_ route: PageStream.Route, rateHz: Int) throws(Fault) {
        (self.route, to) = (route, route.to)
        codec = try route.codec.made(rateHz: rateHz)
        change = RateChange(from: rateHz, to: codec.rateHz)
        if let key = route.key {
            mediaGuard = try MediaGuard(suite: .aes128Bits80, key: key)
        } else {
            mediaGuard = MediaGuard()
        }
    }

    func send(_ frame: SampleBlock, by port: PagePort) {
        let samples = change.run(frame, count: frame.capacity, into: coded)
        let count = codec.encode(coded, count: samples, into: &encoded)
        defer { timestamp &+= UInt32(route.codec.choice.clockRate * Limits.pagingFrameMs / 1_000) }
        guard count > 0 else { return }
        for index in 0..<count { packet[RTPPacket.headBytes + index] = encoded[index] }
        RTPPacket(
            payloadType: route.codec.payloadType, isMarked: isFirst, sequence: sequence,
            timestamp: timestamp, source: route.source
        ).write(to: &packet)
        sequence &+= 1
        isFirst = false
        guard let length = mediaGuard.protect(&packet, count: RTPPacket.headBytes + count) else { return }
        for address in to {
            _ = wp_udp_send(port.descriptor, packet, length, address.host, address.port)
        }
    }
}
