// SPDX-License-Identifier: Apache-2.0
import Audio
import Facility
import Intercom
import Testing

/// The ends of a voice as its session steers them, whether they are made already or not.
struct VoiceEndsTests {
    private let speaker = Speaker(.null, rateHz: 16_000)

    private func session() throws -> VoiceSession {
        let home: UInt32 = 0x7f00_0001
        let plan = MediaPlan(remote: MediaAddress(host: home, port: 9), codec: .pcma(payloadType: 8))
        return try VoiceSession(
            socket: MediaSocket(host: home), plan: plan, speaker: speaker, settings: VoiceSettings())
    }

    @Test func voice_claimsNothing_onceStopped() throws {
        for _ in 0..<20 {
            let session = try session()
            session.start()
            session.stop()
            session.start()
            #expect(speaker.claims.isEmpty)
        }
    }

    @Test func heldVoice_ranksLast_untilItGoesOn() throws {
        let session = try session()
        session.start(rank: .alarmCall)
        session.hold(true)
        #expect(speaker.claims.map(\.rank) == [.background])
        session.hold(false)
        #expect(speaker.claims.map(\.rank) == [.alarmCall])
        session.stop()
        #expect(speaker.claims.isEmpty)
    }

    @Test func planWithoutItsKeys_isRefused_beforeAnythingIsMade() throws {
        let home: UInt32 = 0x7f00_0001
        var plan = MediaPlan(remote: MediaAddress(host: home, port: 9), codec: .pcma(payloadType: 8))
        plan.srtp = SRTPKeys(suite: .aes128Bits80, sendKey: [], receiveKey: [])
        #expect(throws: Fault.self) {
            _ = try VoiceSession(
                socket: MediaSocket(host: home), plan: plan, speaker: speaker, settings: VoiceSettings())
        }
    }
}
