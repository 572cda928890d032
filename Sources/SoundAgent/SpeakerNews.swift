// SPDX-License-Identifier: Apache-2.0
import Audio
import CLinux
import Facility
import Glibc
import Synchronization

/// What the playing thread tells the desk: left here, and a bell rung that the desk's loop hears. Any thread.
final class SpeakerNews: Sendable {
    enum Item: Sendable {
        case report(Speaker.Report)
        /// nil: the card was wanted back.
        case tested(Result<Calibration.Result?, Fault>)
        /// Of the ear that listened; its microphone is closed.
        case proved(UInt64, PlayProof.Result, roomDb: Double?)
    }

    /// Readable while there is something.
    let bell = wp_eventfd()
    private let items = Mutex<[Item]>([])

    deinit { close(bell) }

    func put(_ item: Item) {
        items.withLock { $0.append(item) }
        wp_eventfd_wake(bell)
    }

    func take() -> [Item] {
        wp_eventfd_drain(bell)
        return items.withLock { items in
            defer { items = [] }
            return items
        }
    }
}
