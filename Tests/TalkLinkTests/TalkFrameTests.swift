// SPDX-License-Identifier: Apache-2.0
import Facility
import Testing

@testable import TalkLink

struct TalkFrameTests {
    static let all: [TalkFrame] = {
        let listen = TalkRequest(
            terminal: TerminalID("cell-101")!, purpose: .listen, officer: OfficerID("P1042")!,
            second: OfficerID("P7")!, reason: "夜间呼救，听一下")!
        let answer = TalkRequest(
            terminal: TerminalID("cell-101")!, purpose: .answer, officer: OfficerID("P1042")!)!
        return [.request(listen), .request(answer), .state(.calling)]
            + [.state(.talking(delayMs: 132, lossPermille: 4)), .voice([1, 2, 3])]
            + TalkAct.allCases.map { .act($0) } + TalkEnd.allCases.map { .state(.ended($0)) }
    }()

    @Test func frames_areReadBack_whateverTheStreamCutsThemInto() throws {
        let stream = Self.all.flatMap(\.bytes)
        for size in [1, 2, 3, 7, stream.count] {
            var reader = TalkFrameReader()
            var read: [TalkFrame] = []
            for start in stride(from: 0, to: stream.count, by: size) {
                read += try reader.take(stream[start..<min(start + size, stream.count)])
            }
            #expect(read == Self.all)
        }
    }

    @Test func frame_isRefused_whenItSaysWhatIsNone() {
        let longest = Limits.talkFrameMaxBytes + 1
        let bad: [[UInt8]] = [
            [0, 0, 0], [5, 0, 0], [2, 0, 1, 9], [2, 0, 2, 1, 1], [3, 0, 1, 2], [3, 0, 2, 3, 99], [4, 0, 0],
            [1, 0, 3, 1, 2, 3], [4, UInt8(longest >> 8), UInt8(longest & 0xff)],
        ]
        for bytes in bad {
            var reader = TalkFrameReader()
            #expect(throws: TalkFrameReader.Broken.self, "\(bytes)") { _ = try reader.take(bytes) }
        }
    }

    /// Whatever comes is a frame or an error; 20,000 changed messages.
    @Test func reader_neverTraps_whenBytesAreChanged() {
        var random = SystemRandomNumberGenerator()
        for round in 0..<20_000 {
            var bytes = Self.all[round % Self.all.count].bytes
            for _ in 0...2 {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255)
            }
            var reader = TalkFrameReader()
            _ = try? reader.take(bytes)
        }
    }
}
