// SPDX-License-Identifier: Apache-2.0
import Alarms
import Facility
import Testing

@testable import PanelLink

@Test(arguments: MessageKind.allCases)
func message_isTheSame_whenEncodedAndDecoded(kind: MessageKind) throws {
    var random = SeededRandom(UInt64(kind.rawValue))
    for _ in 0..<200 {
        let message = random.message(kind)
        let bytes = message.encode()
        #expect(try Message(decoding: bytes) == message)
        #expect(bytes.count <= Limits.datagramMaxBytes)
    }
}

@Test(arguments: MessageKind.allCases)
func message_isRefused_whenCutOrFollowedByMore(kind: MessageKind) {
    var random = SeededRandom(3)
    let bytes = random.message(kind).encode()
    for count in 0..<bytes.count {
        #expect(throws: WireRefusal.tooShort) { try Message(decoding: Array(bytes[..<count])) }
    }
    #expect(throws: WireRefusal.trailingBytes) { try Message(decoding: bytes + [0]) }
}

@Test func message_isRefused_whenKindUnknown() {
    let known = Set(MessageKind.allCases.map(\.rawValue))
    for kind in UInt8.min...UInt8.max where !known.contains(kind) {
        #expect(throws: WireRefusal.unknownKind) {
            try Message(decoding: [kind] + [UInt8](repeating: 0, count: 400))
        }
    }
}

@Test func decoding_neverTraps_whateverTheBytes() {
    var random = SeededRandom(11)
    var decoded = 0
    for turn in 0..<100_000 {
        var bytes: [UInt8]
        if turn % 2 == 0 {
            bytes = random.bytes(Int.random(in: 0...600, using: &random))
            if !bytes.isEmpty { bytes[0] = random.one(of: MessageKind.self).rawValue }
        } else {
            bytes = random.message(random.one()).encode()
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                bytes[place] = random.some()
            }
        }
        guard let message = try? Message(decoding: bytes) else { continue }
        decoded += 1
        // One value has one form: what is taken is written back byte by byte the same.
        if message.encode() != bytes { Issue.record("two forms of \(message)") }
    }
    #expect(decoded > 1_000)
}

@Test func message_isRefused_whenTruthIsNeitherZeroNorOne() {
    var random = SeededRandom(5)
    var bytes = random.message(.heartbeat).encode()
    bytes[27] = 2
    #expect(throws: WireRefusal.unknownValue) { try Message(decoding: bytes) }
}

@Test func fault_isCutAfterAWholeCharacter_whenItsTextIsLong() throws {
    let long = String(repeating: "忙", count: 80)
    let fault = Fault(long, at: "x", cause: "", hint: long)
    guard case .fault(9, let read) = try Message(decoding: Message.fault(token: 9, fault).encode()) else {
        Issue.record("no fault")
        return
    }
    #expect(read.operation == String(repeating: "忙", count: 33))
    #expect(read.place == "x" && read.cause.isEmpty)
}
