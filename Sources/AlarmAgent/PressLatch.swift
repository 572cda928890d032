// SPDX-License-Identifier: Apache-2.0
package import Alarms
package import Facility
import Glibc
import PanelLink

/// Alarms as they are now, where a killed process finds them again: a small file in the runtime directory
/// (tmpfs: memory, no disk).
///
/// Lives on the line thread. Written before a datagram tells of the change, and kept until the journal has
/// stored the end: there is no instant at which a SIGKILL could lose a press, forget that an officer was at
/// the door, or bring back what was cleared. A power cut empties it; for that there is the journal.
package struct PressLatch {
    private static let slotBytes = 512
    private let descriptor: Int32
    private var slots: [EventID: Int] = [:]
    private var free: [Int]
    /// Alarms that are over, by the journal's entry that says so.
    private var ending: [EventID: EventID] = [:]
    /// The last ones whose end is on the disk: a post that was killed may still think them open, and asks us.
    private var retired: [EventID] = []

    /// Opens or makes the file and answers with what stands in it; slots that do not read are free.
    package static func open(_ path: String) throws(Fault) -> (latch: PressLatch, records: [AlarmRecord]) {
        let descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw Fault(
                "open press latch", at: path, cause: String(cString: strerror(errno)),
                hint: "Check that the runtime directory exists and belongs to the daemon's user.")
        }
        var latch = PressLatch(descriptor: descriptor, free: [])
        var records: [AlarmRecord] = []
        for slot in (0..<Limits.openAlarmsMaxCount).reversed() {
            if let record = latch.read(slot) {
                latch.slots[record.id] = slot
                records.append(record)
            } else {
                latch.free.append(slot)
            }
        }
        return (latch, records)
    }

    private init(descriptor: Int32, free: [Int]) {
        self.descriptor = descriptor
        self.free = free
    }

    private func read(_ slot: Int) -> AlarmRecord? {
        var bytes = [UInt8](repeating: 0, count: recordBytes)
        guard pread(descriptor, &bytes, bytes.count, off_t(slot * Self.slotBytes)) == bytes.count else {
            return nil
        }
        return try? decodeRecord(bytes)
    }

    /// When every slot is taken those of alarms that are over give way; without any the alarm is only in
    /// the journal's queue.
    package mutating func keep(_ record: AlarmRecord) {
        if slots[record.id] == nil, free.isEmpty, let over = retired.first ?? ending.values.first {
            drop(over)
        }
        guard let slot = slots[record.id] ?? free.popLast() else { return }
        slots[record.id] = slot
        let bytes = encodeRecord(record)
        _ = pwrite(descriptor, bytes, bytes.count, off_t(slot * Self.slotBytes))
    }

    /// It is over. `entry`: what the journal was told of it; nil: nothing.
    package mutating func end(_ id: EventID, entry: EventID?) {
        guard let entry else { return drop(id) }
        ending[entry] = id
    }

    /// The journal has this entry on the disk.
    package mutating func stored(_ entry: EventID) {
        guard let id = ending.removeValue(forKey: entry) else { return }
        retired.removeAll { $0 == id }
        retired.append(id)
        if retired.count > Limits.endedKeptCount { drop(retired[0]) }
    }

    package mutating func drop(_ id: EventID) {
        retired.removeAll { $0 == id }
        guard let slot = slots.removeValue(forKey: id) else { return }
        free.append(slot)
        let zeros = [UInt8](repeating: 0, count: recordBytes)
        _ = pwrite(descriptor, zeros, zeros.count, off_t(slot * Self.slotBytes))
    }
}
