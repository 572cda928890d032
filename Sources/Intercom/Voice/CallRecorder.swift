// SPDX-License-Identifier: Apache-2.0
package import Audio
package import Facility
import Glibc
package import Recordings
import Synchronization

/// Keeps a call: what was said here left, what was heard here right, as Ogg Opus, a page and a link of the
/// seal each second. The voice threads only put samples into rings; a thread of its own makes the files with
/// the first sample and writes. Always true: voice never waits for the disk; what a slow disk cannot take is
/// lost and counted; a file that was begun is ended and sealed, whatever becomes of the disk.
package final class CallRecorder: Sendable {
    private static let frameMs = 20
    private let near: FrameRing
    private let far: FrameRing
    private let times = Mutex(Times())
    private let isStopped = Atomic<Bool>(false)
    private let missed = Atomic<Int>(0)
    private let result = Mutex(Outcome())
    private let thread: Mutex<SoundThread?> = Mutex(nil)
    private let rateHz: Int
    package let call: CallID

    /// When both sides began, and where they stopped for a while: a held call has one timeline, with silence
    /// in it.
    private struct Times {
        var (near, far): (UInt64, UInt64) = (0, 0)
        var nearEnds: UInt64 = 0
        /// Behind so many samples of the near side so many are missing, on both sides.
        var gaps: [(at: Int, count: Int)] = []
        var nearCount = 0
    }

    /// What became of it.
    package struct Outcome: Hashable, Sendable {
        /// Nil: nothing was recorded, or it could not be sealed: the next start does.
        package var sealed: SealedRecording?
        /// As far as there is one.
        package var name: RecordingName?
        package var fault: Fault?
        /// Samples that the disk was too slow for.
        package var missedCount = 0
        /// Nobody spoke or was heard for so long between: the call was held.
        package var gapMs = 0

        package init() {}
    }

    /// `secretKey`: of the seal. `hubKey`: the recording is encrypted to it; empty: kept as it is.
    /// `failed`: told once, from the recorder's thread, as soon as it records no more.
    package init(
        _ call: CallID, in folder: RecordingFolder, rateHz: Int, secretKey: [UInt8] = [],
        hubKey: [UInt8] = [],
        failed: @escaping @Sendable (Fault) -> Void = { _ in }
    ) {
        (self.call, self.rateHz) = (call, rateHz)
        near = FrameRing(rateHz * Limits.recorderRingMs / 1_000)
        far = FrameRing(rateHz * Limits.recorderRingMs / 1_000)
        let made = SoundThread("wp-recorder", urgent: false) { [self] in
            while near.count == 0, far.count == 0, !isStopped.load(ordering: .acquiring) {
                SoundThread.pause(ms: Self.frameMs)
            }
            guard near.count > 0 || far.count > 0 else { return }
            do throws(Fault) {
                let writer = try RecordingWriter(
                    call, folder, rateHz: rateHz, secretKey: secretKey, hubKey: hubKey)
                run(writer, failed)
            } catch {
                result.withLock { $0.fault = error }
                failed(error)
            }
        }
        thread.withLock { $0 = made }
    }

    /// The capture thread's.
    package func said(_ block: SampleBlock, count: Int, atNs ns: UInt64) {
        let span = UInt64(count) * 1_000_000_000 / UInt64(rateHz)
        times.withLock { times in
            if times.near == 0 { times.near = ns &- span }
            let awayNs = Int64(bitPattern: ns &- span &- times.nearEnds)
            if times.nearEnds != 0, awayNs > Int64(Limits.recorderGapMs) * 1_000_000 {
                times.gaps.append((times.nearCount, Int(awayNs / 1_000_000) * rateHz / 1_000))
            }
            times.nearEnds = ns
            times.nearCount += count
        }
        if !near.write(block.base, count: count) { missed.add(count, ordering: .relaxed) }
    }

    /// The playback thread's.
    package func heard(_ block: SampleBlock, count: Int, atNs ns: UInt64) {
        times.withLock { if $0.far == 0 { $0.far = ns } }
        if !far.write(block.base, count: count) { missed.add(count, ordering: .relaxed) }
    }

    /// Ends the file, seals it, waits for it.
    package func stop() -> Outcome {
        isStopped.store(true, ordering: .releasing)
        let running = thread.withLock { $0.take() }
        running?.join()
        var outcome = result.withLock { $0 }
        outcome.missedCount = missed.load(ordering: .relaxed)
        return outcome
    }

    private func run(_ writer: RecordingWriter, _ failed: @Sendable (Fault) -> Void) {
        let count = rateHz * Self.frameMs / 1_000
        let (left, right) = (SampleBlock(count), SampleBlock(count))
        var skew = 0
        var isAligned = false
        var isTold = false
        // Of the near side: what is written, and what silence stands for already.
        var (done, filled, gapCount) = (0, 0, 0)
        result.withLock { $0.name = writer.name }
        writer.begin()
        while true {
            let isLast = isStopped.load(ordering: .acquiring)
            if !isAligned {
                let (a, b) = times.withLock { ($0.near, $0.far) }
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
                if skew >= 0, near.read(left.base, count: count) {
                    done += count
                } else {
                    left.silence(count)
                    if skew >= 0 { filled += count }
                    skew = min(0, skew + count)
                }
                if skew > 0 || !far.read(right.base, count: count) {
                    right.silence(count)
                    skew = max(0, skew - count)
                }
                writer.add(left, right, count: count)
                if let gap = times.withLock({ Self.gap(&$0, behind: done) }) {
                    left.silence(count)
                    right.silence(count)
                    let frames = max(0, gap - filled) / count
                    for _ in 0..<frames { writer.add(left, right, count: count) }
                    gapCount += frames * count
                    filled = 0
                }
            }
            if let fault = writer.fault, !isTold {
                isTold = true
                failed(fault)
            }
            if isLast { break }
            SoundThread.pause(ms: 100)
        }
        let sealed = writer.end()
        result.withLock {
            ($0.sealed, $0.fault) = (sealed, writer.fault)
            $0.gapMs = gapCount * 1_000 / rateHz
        }
    }

    private static func gap(_ times: inout Times, behind done: Int) -> Int? {
        guard let first = times.gaps.first, first.at <= done else { return nil }
        times.gaps.removeFirst()
        return first.count
    }
}
