// SPDX-License-Identifier: Apache-2.0
import CSRTP
package import Facility

/// Protects what leaves and opens what comes (SRTP, RFC 3711), one direction each; without keys it lets all
/// pass. One thread has it. Always true: what it refuses is not read any further.
package final class MediaGuard {
    // SAFETY: made and freed here, used by the one thread that has this guard.
    private let context: OpaquePointer?
    package static let addedBytes = Int(WP_SRTP_ADDED_BYTES)

    package init(suite: SRTPSuite, key: [UInt8]) throws(Fault) {
        context = wp_srtp_new(Int32(suite.rawValue), key, key.count)
        guard context != nil else {
            throw Self.refusal(suite, keyBytes: key.count)
        }
    }

    static func refusal(_ suite: SRTPSuite, keyBytes: Int) -> Fault {
        Fault(
            "protect a call", at: suite.name, cause: "a key of \(keyBytes) bytes is none of this suite's",
            hint: "The call is refused; see what the other side offers.")
    }

    /// Plain RTP.
    package init() { context = nil }

    deinit { wp_srtp_free(context) }

    /// In place; the new length, nil when it failed.
    package func protect(_ packet: inout [UInt8], count: Int, isRTCP: Bool = false) -> Int? {
        guard let context else { return count }
        let made = wp_srtp_protect(context, &packet, count, packet.count, isRTCP ? 1 : 0)
        return made > 0 ? Int(made) : nil
    }

    package func open(_ packet: inout [UInt8], count: Int, isRTCP: Bool = false) -> Int? {
        guard let context else { return count }
        guard count <= packet.count else { return nil }
        let made = wp_srtp_open(context, &packet, count, isRTCP ? 1 : 0)
        return made > 0 ? Int(made) : nil
    }
}
