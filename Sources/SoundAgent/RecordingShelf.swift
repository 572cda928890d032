// SPDX-License-Identifier: Apache-2.0
import Audio
import CLinux
import Facility
import Glibc
import Intercom
import Recordings
import Synchronization

/// The recordings on this terminal's disk: what a dead process left is sealed, what is ended is told, what is
/// over the budget goes. A thread of its own, because all of it waits for the disk.
///
///     start ─> leftovers sealed as cut ─┐
///     call over ─> ended, sealed ───────┴─> "recorded" ─> desk: entry stored ─> settle (loses its `.part`)
///     every minute, after each call ─> too much? ─> "goes" ─> desk: entry stored ─> remove
///
/// Always true: nothing loses its `.part` or its file before the entry that tells of it is stored.
final class RecordingShelf: Sendable {
    enum News: Hashable, Sendable {
        case recorded(SealedRecording, CallQuality?, missedCount: Int, gapMs: Int)
        case goes(RecordingName, isSent: Bool, byteCount: Int64)
        case failed(CallID?, Fault)
    }

    private enum Deed: Sendable {
        case end(CallRecorder, CallQuality)
        case settle(RecordingName)
        case remove(RecordingName)
    }

    private struct Inbox {
        var deeds: [Deed] = []
        var news: [News] = []
        /// Being recorded by this process: no leftovers.
        var underWay: Set<CallID> = []
        var isStopped = false
    }

    private let folder: RecordingFolder
    private let secretKey: [UInt8]
    private let hubKey: [UInt8]
    /// What `watchpost-sync` says the hub has, a name in each line.
    private let sentPath: String
    private let budget: RecordingBudget
    private let inbox = Mutex(Inbox())
    private let bell: Int32
    private let desk: Int32
    private let thread = Mutex<SoundThread?>(nil)

    /// `hubKey`: recordings are encrypted to it; empty: kept as they are. `bell`: rung when there is news.
    init(
        _ folder: RecordingFolder, secretKey: [UInt8], hubKey: [UInt8] = [], sentPath: String,
        budget: RecordingBudget = RecordingBudget(), bell: Int32
    ) {
        (self.folder, self.secretKey, self.hubKey) = (folder, secretKey, hubKey)
        (self.sentPath, self.budget) = (sentPath, budget)
        desk = bell
        self.bell = wp_eventfd()
    }

    deinit { close(bell) }

    func start() {
        thread.withLock { $0 = SoundThread("wp-shelf", urgent: false) { [self] in run() } }
    }

    /// A recorder for a call whose voice begins. No disk is touched here.
    func recorder(_ call: CallID, rateHz: Int) -> CallRecorder {
        inbox.withLock { _ = $0.underWay.insert(call) }
        return CallRecorder(
            call, in: folder, rateHz: rateHz, secretKey: secretKey, hubKey: hubKey
        ) { [self] fault in
            tell(.failed(call, fault))
        }
    }

    func end(_ recorder: CallRecorder, _ quality: CallQuality) { add(.end(recorder, quality)) }
    func settle(_ name: RecordingName) { add(.settle(name)) }
    func remove(_ name: RecordingName) { add(.remove(name)) }

    /// On the desk's thread, after its bell.
    func takeNews() -> [News] {
        inbox.withLock { inbox in
            defer { inbox.news = [] }
            return inbox.news
        }
    }

    /// What was to be done is done; then the thread has ended. Waits for the disk.
    func stop() {
        inbox.withLock { $0.isStopped = true }
        wp_eventfd_wake(bell)
        thread.withLock { $0.take() }?.join()
    }

    /// After `stop`, for entries that the journal stored at its own end.
    func settleNow(_ name: RecordingName) { try? folder.settle(name) }

    private func add(_ deed: Deed) {
        inbox.withLock { $0.deeds.append(deed) }
        wp_eventfd_wake(bell)
    }

    private func tell(_ news: News) {
        inbox.withLock { $0.news.append(news) }
        wp_eventfd_wake(desk)
    }

    // MARK: On its thread

    private func run() {
        do throws(Fault) { try folder.make() } catch { tell(.failed(nil, error)) }
        for name in folder.leftovers() {
            if !inbox.withLock({ $0.underWay.contains(name.call) }) { end(leftover: name) }
        }
        var going: Set<RecordingName> = []
        look(&going)
        while true {
            let (deeds, isStopped) = inbox.withLock { inbox in
                defer { inbox.deeds = [] }
                return (inbox.deeds, inbox.isStopped)
            }
            for deed in deeds { perform(deed, &going) }
            if deeds.isEmpty, isStopped { return }
            guard deeds.isEmpty else { continue }
            var ready: [Int16] = [0]
            let rang = wp_poll([bell], &ready, 1, Int64(Limits.recordingsLookMs) * 1_000_000) > 0
            wp_eventfd_drain(bell)
            if !rang { look(&going) }
        }
    }

    private func perform(_ deed: Deed, _ going: inout Set<RecordingName>) {
        switch deed {
        case .end(let recorder, let quality):
            let outcome = recorder.stop()
            inbox.withLock { _ = $0.underWay.remove(recorder.call) }
            if let sealed = outcome.sealed {
                tell(
                    .recorded(sealed, quality, missedCount: outcome.missedCount, gapMs: outcome.gapMs))
            }
        case .settle(let name):
            do throws(Fault) { try folder.settle(name) } catch { tell(.failed(name.call, error)) }
            look(&going)
        case .remove(let name):
            folder.remove(name)
            going.remove(name)
        }
    }

    private func end(leftover name: RecordingName) {
        do throws(Fault) {
            guard let sealed = try folder.end(leftover: name, secretKey: secretKey) else { return }
            tell(.recorded(sealed, nil, missedCount: 0, gapMs: 0))
        } catch { tell(.failed(name.call, error)) }
    }

    /// What has to go, told once.
    private func look(_ going: inout Set<RecordingName>) {
        let sent = SentRecordings(path: sentPath)
        let kept = folder.kept()
        let all = kept.map { RecordingBudget.Held(kept: $0, isSent: sent.has($0.name)) }
        for one in budget.over(all, freeBytes: wp_free_bytes(folder.path))
        where !going.contains(one.kept.name) {
            going.insert(one.kept.name)
            tell(.goes(one.kept.name, isSent: one.isSent, byteCount: one.kept.byteCount))
        }
    }
}
