// SPDX-License-Identifier: Apache-2.0
package import Audio
import COpus
package import Facility
import Glibc
import Synchronization

/// Keeps a call: what was said here left, what was heard here right, as Ogg Opus, a page and a link of the
/// seal each second, both flushed to the disk. The voice threads only put samples into rings; a thread of its
/// own writes. Always true: voice never waits for the disk; what a slow disk cannot take is lost and counted.
package final class CallRecorder: Sendable {
    private static let frameMs = 20
    private let near: FrameRing
    private let far: FrameRing
    private let starts = Mutex<(near: UInt64, far: UInt64)>((0, 0))
    private let isStopped = Atomic<Bool>(false)
    private let missed = Atomic<Int>(0)
    private let trouble = Mutex<Fault?>(nil)
    private let thread: Mutex<SoundThread?> = Mutex(nil)
    private let rateHz: Int
    /// Where the recording lies.
    package let path: String

    /// Makes `NAME.opus` and `NAME.opus.seal` in a folder; refuses a name that stands there already.
    package init(folder: String, name: String, rateHz: Int, secretKey: [UInt8] = []) throws(Fault) {
        self.rateHz = rateHz
        near = FrameRing(rateHz * Limits.recorderRingMs / 1_000)
        far = FrameRing(rateHz * Limits.recorderRingMs / 1_000)
        path = "\(folder)/\(name).opus"
        var files: [Int32] = []
        for file in [path, path + ".seal"] {
            let descriptor = open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_APPEND, 0o640)
            guard descriptor >= 0 else {
                let cause = String(cString: strerror(errno))
                for opened in files { close(opened) }
                throw Fault(
                    "record a call", at: file, cause: cause,
                    hint: "See that the folder of recordings is there, may be written and has room.")
            }
            files.append(descriptor)
        }
        let (recording, seal) = (files[0], files[1])
        let made = SoundThread("wp-recorder", urgent: false) { [self] in
            run(
                RecordingWriter(
                    recording: recording, seal: seal, rateHz: rateHz,
                    chain: RecordingSeal(name: name, secretKey: secretKey)))
        }
        thread.withLock { $0 = made }
    }

    /// The capture thread's.
    package func said(_ block: SampleBlock, count: Int, atNs ns: UInt64) {
        starts.withLock { if $0.near == 0 { $0.near = ns &- UInt64(count) * 1_000_000_000 / UInt64(rateHz) } }
        if !near.write(block.base, count: count) { missed.add(count, ordering: .relaxed) }
    }

    /// The playback thread's.
    package func heard(_ block: SampleBlock, count: Int, atNs ns: UInt64) {
        starts.withLock { if $0.far == 0 { $0.far = ns } }
        if !far.write(block.base, count: count) { missed.add(count, ordering: .relaxed) }
    }

    /// Ends the file, seals it, waits for it.
    package func stop() {
        isStopped.store(true, ordering: .releasing)
        let running = thread.withLock { thread in
            defer { thread = nil }
            return thread
        }
        running?.join()
    }

    /// Samples that the disk was too slow for, and what it said.
    package var missedCount: Int { missed.load(ordering: .relaxed) }
    package var fault: Fault? { trouble.withLock { $0 } }

    private func run(_ writer: RecordingWriter) {
        let count = rateHz * Self.frameMs / 1_000
        let (left, right) = (SampleBlock(count), SampleBlock(count))
        var skew = 0
        var isAligned = false
        writer.begin()
        while true {
            let isLast = isStopped.load(ordering: .acquiring)
            if !isAligned {
                let (a, b) = starts.withLock { $0 }
                if a != 0, b != 0 {
                    // The side that began later has silence in front.
                    skew = Int(Int64(bitPattern: b &- a)) * rateHz / 1_000_000_000
                    isAligned = true
                }
            }
            let lag = rateHz * Limits.recorderLagMs / 1_000
            while near.count >= count || far.count >= count {
                // A side that is silent for long (its card is gone) does not hold up the other.
                guard min(near.count, far.count) >= count || max(near.count, far.count) > lag || isLast else {
                    break
                }
                if skew < 0 || !near.read(left.base, count: count) {
                    left.silence(count)
                    skew = min(0, skew + count)
                }
                if skew > 0 || !far.read(right.base, count: count) {
                    right.silence(count)
                    skew = max(0, skew - count)
                }
                writer.add(left, right, count: count)
            }
            if let failed = writer.fault { trouble.withLock { $0 = failed } }
            if isLast { break }
            SoundThread.pause(ms: 100)
        }
        writer.end()
        if let failed = writer.fault { trouble.withLock { $0 = failed } }
    }
}

/// The recorder's thread's: frames to packets, packets to pages, pages to the disk.
final class RecordingWriter {
    private let recording: Int32
    private let seal: Int32
    private let rateHz: Int
    private var chain: RecordingSeal
    private var pages: OggPages
    // SAFETY: made, used and freed by the recorder's thread.
    private let encoder: OpaquePointer?
    private let preSkip: UInt16
    private let stereo: SampleBlock
    private var packet = [UInt8](repeating: 0, count: 2_000)
    private var frames = 0
    private var chunks = 0
    private(set) var fault: Fault?

    init(recording: Int32, seal: Int32, rateHz: Int, chain: RecordingSeal) {
        (self.recording, self.seal, self.rateHz, self.chain) = (recording, seal, rateHz, chain)
        var failure: Int32 = 0
        encoder = opus_encoder_create(Int32(rateHz), 2, OPUS_APPLICATION_AUDIO, &failure)
        preSkip = encoder.map { UInt16(Int(wp_opus_encoder_lookahead($0)) * 48_000 / rateHz) } ?? 0
        if let encoder {
            wp_opus_encoder_set(encoder, OPUS_SET_BITRATE_REQUEST, Int32(Limits.recordingBitsPerSecondCount))
            wp_opus_encoder_set(encoder, OPUS_SET_COMPLEXITY_REQUEST, 3)
        }
        pages = OggPages(serial: UInt32.random(in: 1...UInt32.max), preSkip: preSkip)
        stereo = SampleBlock(2 * rateHz / 50)
    }

    deinit {
        if let encoder { opus_encoder_destroy(encoder) }
        close(recording)
        close(seal)
    }

    func begin() {
        put(Array(chain.heading.utf8), to: seal)
        chunk(pages.head(channels: 2, rateHz: UInt32(rateHz), preSkip: preSkip, title: chain.name))
    }

    func add(_ left: SampleBlock, _ right: SampleBlock, count: Int) {
        guard let encoder else { return }
        for index in 0..<count {
            stereo[2 * index] = left[index]
            stereo[2 * index + 1] = right[index]
        }
        let made = Int(opus_encode(encoder, stereo.base, Int32(count), &packet, Int32(packet.count)))
        guard made > 0 else { return }
        pages.add(packet, count: made, samples: 48_000 * count / rateHz)
        frames += 1
        if frames % 50 == 0 { chunk(pages.page()) }
    }

    func end() {
        chunk(pages.page(isLast: true))
        put(Array(chain.sealed(isEnd: true).utf8), to: seal)
        fdatasync(seal)
    }

    private func chunk(_ bytes: [UInt8]) {
        guard !bytes.isEmpty, put(bytes, to: recording) else { return }
        fdatasync(recording)
        var line = chain.chunk(bytes)
        chunks += 1
        if chunks % Limits.recordingSealCount == 0 { line += chain.sealed(isEnd: false) }
        put(Array(line.utf8), to: seal)
        fdatasync(seal)
    }

    @discardableResult
    private func put(_ bytes: [UInt8], to file: Int32) -> Bool {
        var at = 0
        while at < bytes.count, fault == nil {
            let written = bytes.withUnsafeBytes { all in
                all.baseAddress.map { write(file, $0 + at, bytes.count - at) } ?? -1
            }
            if written < 0, errno == EINTR { continue }
            guard written > 0 else {
                fault = Fault(
                    "record a call", at: chain.name, cause: String(cString: strerror(errno)),
                    hint: "Make room on the disk; the call itself goes on.")
                return false
            }
            at += written
        }
        return fault == nil
    }
}
