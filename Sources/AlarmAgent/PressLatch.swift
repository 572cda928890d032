// SPDX-License-Identifier: Apache-2.0
package import Alarms
package import Facility
import Glibc
import PanelLink

/// Fresh alarms where a killed process finds them again: a small file in the runtime directory (tmpfs:
/// memory, no disk).
///
/// Lives on the line thread. Written before the first datagram leaves, so between the lamp and the journal's
/// commit there is no instant at which a SIGKILL could lose a press. A power cut empties it; for that there
/// is the journal.
package struct PressLatch {
    private static let slotBytes = 512
    private let descriptor: Int32
    private var slots: [EventID: Int] = [:]
    private var free: [Int]

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

    /// When every slot is taken the alarm is only in the journal's queue, as a press added to an open alarm
    /// is.
    package mutating func keep(_ record: AlarmRecord) {
        guard slots[record.id] == nil, let slot = free.popLast() else { return }
        slots[record.id] = slot
        let bytes = encodeRecord(record)
        _ = pwrite(descriptor, bytes, bytes.count, off_t(slot * Self.slotBytes))
    }

    package mutating func drop(_ id: EventID) {
        guard let slot = slots.removeValue(forKey: id) else { return }
        free.append(slot)
        let zeros = [UInt8](repeating: 0, count: recordBytes)
        _ = pwrite(descriptor, zeros, zeros.count, off_t(slot * Self.slotBytes))
    }
}
