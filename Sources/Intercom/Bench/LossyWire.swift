// SPDX-License-Identifier: Apache-2.0
import Audio
import CLinux
import CVoiceDSP
import Facility
import Glibc
import Synchronization

/// A wire between two ends of a call on this machine that loses packets at random, each direction alike. Its
/// own thread.
final class LossyWire: Sendable {
    /// Where each end sends to, and is answered from.
    let portForA: UInt16
    let portForB: UInt16
    private let isStopped = Atomic<Bool>(false)
    private let thread: Mutex<SoundThread?> = Mutex(nil)

    init(host: UInt32, a: UInt16, b: UInt16, lossPercent: Int) throws(Fault) {
        let (sideA, sideB) = (try MediaSocket(host: host), try MediaSocket(host: host))
        (portForA, portForB) = (sideA.localPort, sideB.localPort)
        let made = SoundThread("wp-wire") { [self] in
            var generator = UInt32(0x1234_5671)
            var bytes = [UInt8](repeating: 0, count: 2_048)
            func carry(_ from: Int32, _ to: Int32, _ port: UInt16) {
                var (host, sender): (UInt32, UInt16) = (0, 0)
                while true {
                    let count = wp_udp_receive(from, &bytes, bytes.count, &host, &sender)
                    guard count >= 0 else { return }
                    generator ^= generator << 13
                    generator ^= generator >> 17
                    generator ^= generator << 5
                    if Int(generator >> 8) % 100 < lossPercent { continue }
                    _ = wp_udp_send(to, bytes, Int(count), host, port)
                }
            }
            let ends = [sideA.rtp, sideB.rtp]
            while !isStopped.load(ordering: .acquiring) {
                _ = wp_wait_readable_until_ns(ends, ends.count, wp_uptime_ns() + 50_000_000)
                carry(sideA.rtp, sideB.rtp, b)
                carry(sideB.rtp, sideA.rtp, a)
            }
        }
        thread.withLock { $0 = made }
    }

    func stop() {
        isStopped.store(true, ordering: .releasing)
        thread.withLock { thread in
            thread?.join()
            thread = nil
        }
    }
}
