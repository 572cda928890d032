// SPDX-License-Identifier: Apache-2.0
import Audio
import CLinux
import Clips
import Facility
import Glibc
import Synchronization

/// The clips of the next units, read and decoded before their time on a thread of its own; nothing is read at
/// the moment of playing. Any thread asks. Always true: what is ready is the content that the index names:
/// its SHA-256 was looked at, and the very same bytes were decoded.
final class ClipShelf: Sendable {
    enum Unit: Sendable {
        case ready(Sound)
        case loading
        /// It is not in the library, or its file is not what the index says.
        case missing
    }

    private struct Inbox {
        var wanted: [String] = []
        var ready: [String: Sound] = [:]
        var missing: Set<String> = []
        var isIndexOld = true
        var isStopped = false
    }

    private let folder: ClipFolder
    private let rateHz: Int
    private let inbox = Mutex(Inbox())
    private let bell = wp_eventfd()
    private let thread = Mutex<SoundThread?>(nil)
    /// A unit is ready or missing now; of the second kind, why.
    private let told: @Sendable (Fault?) -> Void

    init(_ folder: String, rateHz: Int, told: @escaping @Sendable (Fault?) -> Void) {
        (self.folder, self.rateHz, self.told) = (ClipFolder(folder), rateHz, told)
    }

    deinit { close(bell) }

    func start() { thread.withLock { $0 = SoundThread("wp-clips", urgent: false) { [self] in run() } } }

    func stop() {
        inbox.withLock { $0.isStopped = true }
        wp_eventfd_wake(bell)
        thread.withLock { $0.take() }?.join()
    }

    /// These, the first first, and no others: what is not among them is given back.
    func want(_ units: [String]) {
        let isNew = inbox.withLock { inbox in
            let wanted = Array(units.prefix(Limits.clipsReadyMaxCount))
            guard wanted != inbox.wanted else { return false }
            inbox.wanted = wanted
            inbox.ready = inbox.ready.filter { wanted.contains($0.key) }
            return true
        }
        if isNew { wp_eventfd_wake(bell) }
    }

    func unit(_ name: String) -> Unit {
        inbox.withLock { inbox in
            if let sound = inbox.ready[name] { return .ready(sound) }
            return inbox.missing.contains(name) ? .missing : .loading
        }
    }

    /// Nothing that is wanted is still to be read.
    var isReady: Bool {
        inbox.withLock { inbox in
            !inbox.isIndexOld
                && inbox.wanted.allSatisfy { inbox.ready[$0] != nil || inbox.missing.contains($0) }
        }
    }

    var missing: Set<String> { inbox.withLock { $0.missing } }

    /// The library was changed: what was missing may be there now.
    func again() {
        inbox.withLock { ($0.isIndexOld, $0.missing) = (true, []) }
        wp_eventfd_wake(bell)
    }

    // MARK: - On its thread

    private func run() {
        var index = ClipIndex()
        while !inbox.withLock({ $0.isStopped }) {
            if !load(&index) {
                var ready: [Int16] = [0]
                _ = wp_poll([bell], &ready, 1, -1)
            }
            wp_eventfd_drain(bell)
        }
    }

    /// One unit; false: there is none to load.
    private func load(_ index: inout ClipIndex) -> Bool {
        let (next, isOld) = inbox.withLock { inbox in
            defer { inbox.isIndexOld = false }
            return (
                inbox.wanted.first { inbox.ready[$0] == nil && !inbox.missing.contains($0) },
                inbox.isIndexOld
            )
        }
        if isOld {
            do throws(Fault) { index = try folder.index() } catch { told(error) }
        }
        guard let next else { return false }
        do throws(Fault) {
            let sound = Sound(try Self.read(next, index, folder, rateHz: rateHz))
            inbox.withLock { if $0.wanted.contains(next) { $0.ready[next] = sound } }
            told(nil)
        } catch {
            inbox.withLock { _ = $0.missing.insert(next) }
            told(error)
        }
        return true
    }

    /// A unit's samples at this rate.
    static func read(
        _ unit: String, _ index: ClipIndex, _ folder: ClipFolder, rateHz: Int
    ) throws(Fault) -> [Int16] {
        if unit == ClipIndex.quietTone { return Calibration.quietTone(rateHz: rateHz) }
        guard let name = UnitName(unit), let clip = index[name] else {
            throw fault(unit, "there is no such unit in the library \(folder.path)")
        }
        guard let bytes = folder.content(clip.sha256) else {
            throw fault(unit, "its content is missing, or not what the library says: it was altered or cut")
        }
        return try Clip.read(bytes: bytes, name: unit, rateHz: rateHz)
    }

    private static func fault(_ unit: String, _ cause: String) -> Fault {
        Fault(
            "make ready the unit", at: unit, cause: cause,
            hint: "It comes with the next library; `watchpost clips verify` says what is wrong here.")
    }
}
