// SPDX-License-Identifier: Apache-2.0
package import Audio
package import Facility
import Synchronization

/// One call's voice: two named threads of its own (capture, playback), no allocation per frame. Everything here
/// may be called from any thread. Always true: before `openGate` not one packet leaves.
package final class VoiceSession: Sendable {
    package let localPort: UInt16
    private let latest = Mutex(VoiceReport())

    package init(
        socket: MediaSocket, plan: MediaPlan, card: SoundCard, settings: VoiceSettings
    ) throws(Fault) {
        localPort = socket.localPort
    }

    /// Begins to listen and to play. The gate stays shut.
    package func start() {}
    /// Lets the microphone's voice leave; the audit entry must stand before.
    package func openGate() {}
    package func closeGate() {}
    /// Sends silence; the other side is heard on.
    package func mute(_ isMuted: Bool) {}
    /// The key of push-to-talk.
    package func pushToTalk(_ isHeld: Bool) {}
    /// A new agreement: hold, another address, another codec, new keys.
    package func update(_ plan: MediaPlan) throws(Fault) {}
    /// Sends one key (0 to 9, *, #, A to D) by RFC 4733; false when the other side takes none.
    package func send(dtmf key: Character) -> Bool { false }
    /// Ends both threads and waits for them; once stopped, a session stays so.
    package func stop() {}
    package func report() -> VoiceReport { latest.withLock { $0 } }
}
