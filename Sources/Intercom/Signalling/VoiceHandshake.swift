// SPDX-License-Identifier: Apache-2.0
import CDTLS
import CLinux
import Facility

/// The handshake that makes a voice's keys (RFC 5764), on the voice's own socket before its threads have it.
///
///     description: address, fingerprint ─> VoiceHandshake <═DTLS═> phone
///                                               └─ keys ─> MediaPlan.srtp ─> VoiceSession
///
/// On the signalling thread. Always true: only datagrams from the address of the description are looked at,
/// and keys exist only after the other side showed the certificate of the description.
package final class VoiceHandshake {
    package enum Outcome: Hashable, Sendable {
        case goesOn
        case made(SRTPKeys)
        /// After the keys: the other side speaks already, and has no more to ask.
        case voice
        case failed
    }

    // SAFETY: made and freed here, used on the signalling thread alone.
    private let dtls: OpaquePointer
    private let socket: MediaSocket
    private let remote: MediaAddress
    private var packet = [UInt8](repeating: 0, count: Limits.mediaPacketMaxBytes)
    private var isMade = false

    /// SHA-256 of this process's certificate; nil: none could be made.
    package static let fingerprint: [UInt8]? = {
        var hash = [UInt8](repeating: 0, count: Int(WP_DTLS_HASH_BYTES))
        return wp_dtls_fingerprint(&hash) == 0 ? hash : nil
    }()

    /// nil: memory is short, or the plan's fingerprint is none.
    package init?(socket: MediaSocket, remote: MediaAddress, plan: HandshakePlan) {
        guard plan.fingerprint.count == Int(WP_DTLS_HASH_BYTES),
            let dtls = wp_dtls_new(plan.isClient ? 1 : 0, plan.fingerprint)
        else { return nil }
        (self.dtls, self.socket, self.remote) = (dtls, socket, remote)
    }

    deinit { wp_dtls_free(dtls) }

    /// To be watched.
    package var descriptor: Int32 { socket.rtp }

    /// In so many milliseconds `turn` is due; nil: only when something comes.
    package var waitMs: Int? {
        let ms = isMade ? -1 : wp_dtls_wait_ms(dtls)
        return ms < 0 ? nil : Int(ms)
    }

    /// Begins, or says again what was lost.
    package func turn() -> Outcome { isMade ? .goesOn : took(wp_dtls_turn(dtls, [], 0)) }

    /// Whatever waits in the socket.
    package func receive() -> Outcome {
        for _ in 0..<Limits.mediaPacketsPerTurnCount {
            var (host, port): (UInt32, UInt16) = (0, 0)
            let count = wp_udp_receive(socket.rtp, &packet, packet.count, &host, &port)
            guard count >= 0 else { break }
            guard count > 0, host == remote.host, port == remote.port else { continue }
            // RFC 7983: 20 to 63 is DTLS; what is not is voice that we have no key for yet.
            guard 20...63 ~= packet[0] else {
                if isMade { return .voice }
                continue
            }
            switch took(wp_dtls_turn(dtls, packet, Int(count))) {
            case .goesOn, .voice: continue
            case .made(let keys): return .made(keys)
            case .failed: return .failed
            }
        }
        return .goesOn
    }

    private func took(_ result: Int32) -> Outcome {
        send()
        guard result >= 0 else { return .failed }
        guard result == 1, !isMade else { return .goesOn }
        var ours = [UInt8](repeating: 0, count: Int(WP_DTLS_KEY_BYTES))
        var theirs = ours
        guard wp_dtls_keys(dtls, &ours, &theirs) == 0 else { return .failed }
        isMade = true
        return .made(SRTPKeys(suite: .aes128Bits80, sendKey: ours, receiveKey: theirs))
    }

    private func send() {
        var datagram = [UInt8](repeating: 0, count: Int(WP_DTLS_DATAGRAM_BYTES))
        while case let count = wp_dtls_next(dtls, &datagram), count > 0 {
            _ = wp_udp_send(socket.rtp, datagram, count, remote.host, remote.port)
        }
    }
}
