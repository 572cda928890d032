// SPDX-License-Identifier: Apache-2.0
import Facility
import TestBoard
import Testing

@testable import PanelLink

struct SoundMessageTests {
    private var samples: [SoundMessage] {
        let id = makeID(3, stream: .call)
        let grounds = CallGrounds(officer: .named("P1"), second: .named("P2"), reason: "巡查")
        let deeds: [SoundCommand.Deed] = [
            .call(to: "cell-101", .listen, grounds), .answer(nil), .answer(id), .hangUp(id), .mute(true),
            .hold(false), .push(true), .test(keeps: true),
        ]
        let line = CallLine(
            id: id, phase: .talking, urgency: .emergency, mode: .talk, far: "post-a", alarm: makeID(),
            ageMs: 5, isMicrophoneOpen: true, twoWayMs: 6, mouthToEarMs: 40, heardDb: -20,
            packetsReceived: 7)
        return deeds.map { .command(SoundCommand(token: 9, officer: nil, deed: $0)) } + [
            .reply(token: 1, refusal: nil), .reply(token: 1, refusal: .reasonMissing), .query(token: 2),
            .tested(
                token: 7,
                SoundTest(
                    outcome: .heard, delayUs: 9, levelCentiDb: -1_210, clearCentiDb: 3_000, isKept: true)),
            .call(token: 3, line), .end(token: 5, count: 6),
            .status(
                token: 4, SoundStatus(isWorking: true, isRegistered: false, strangers: 8, readyMs: 9)),
        ]
    }

    @Test func message_readsBack_asItWasWritten() throws {
        for message in samples { #expect(try SoundMessage(decoding: message.encode()) == message) }
    }

    @Test func bytes_areAMessageOrARefusal_whateverTheyAre() {
        var random = SeededGenerator(seed: 64)
        for _ in 0..<20_000 {
            var bytes = random.pick(samples).encode()
            for _ in 0..<(1 + random.below(4)) {
                switch random.below(3) {
                case 0: bytes[random.below(bytes.count)] = UInt8(random.below(256))
                case 1: if bytes.count > 1 { bytes.removeLast() }
                default: bytes.append(0)
                }
            }
            if let message = try? SoundMessage(decoding: bytes) {
                #expect((try? SoundMessage(decoding: message.encode())) == message)
            }
        }
    }
}
