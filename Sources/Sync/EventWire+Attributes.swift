// SPDX-License-Identifier: Apache-2.0
import Facility
import Journal

/// What was read of one event so far. A value of one call; `seen` tells which of the fields hold something.
struct EventAttributes {
    var seen: UInt32 = 0
    var id: ArraySlice<UInt8> = []
    var source: ArraySlice<UInt8> = []
    var type: ArraySlice<UInt8> = []
    var time: ArraySlice<UInt8> = []
    var sequenceText: ArraySlice<UInt8> = []
    var sequence: UInt64 = 0
    var after: UInt64?
    var run: UInt64 = 0
    var runSequence: UInt64 = 0
    var uptime: UInt64 = 0
    var wallMs: Int64 = 0
    var uncertaintyMs = Limits.wallUnknownMs
    var boot: BootID?
    var standing = false
    var subject: [UInt8] = []
    var previous: [UInt8] = []
    var hash: [UInt8] = []
    var payload: [UInt8] = []

    /// False when the attribute cannot have this value. `standing` is no text.
    mutating func take(_ text: ArraySlice<UInt8>, as attribute: EventWire.Attribute) -> Bool {
        switch attribute {
        case .specVersion: return text.elementsEqual("1.0".utf8)
        case .id: id = text
        case .source: source = text
        case .type: type = text
        case .time: time = text
        case .sequence:
            sequenceText = text
            return Self.put(DecimalText.unsigned(text).flatMap(Self.place), in: &sequence)
        case .after:
            after = DecimalText.unsigned(text)
            return after != nil
        case .run: return Self.put(HexText.word(of: text), in: &run)
        case .runSequence: return Self.put(DecimalText.unsigned(text), in: &runSequence)
        case .uptime: return Self.put(DecimalText.unsigned(text), in: &uptime)
        case .wall: return Self.put(DecimalText.signed(text), in: &wallMs)
        case .uncertainty: return Self.put(uncertainty(text), in: &uncertaintyMs)
        case .boot:
            boot = bootID(text)
            return boot != nil
        case .standing: return false
        case .subject:
            let isShort = text.count <= (Limits.journalSubjectMaxBytes + 2) / 3 * 4
            return isShort && Self.put(Base64Text.bytes(of: text), in: &subject) && !subject.isEmpty
                && subject.count <= Limits.journalSubjectMaxBytes
        case .previous: return Self.put(hash(text), in: &previous)
        case .hash: return Self.put(hash(text), in: &hash)
        case .contentType: return text.elementsEqual("application/octet-stream".utf8)
        case .payload:
            let isShort = text.count <= (Limits.journalPayloadMaxBytes + 2) / 3 * 4
            return isShort && Self.put(Base64Text.bytes(of: text), in: &payload)
                && payload.count <= Limits.journalPayloadMaxBytes
        }
        return true
    }

    private static func put<Value>(_ value: Value?, in field: inout Value) -> Bool {
        guard let value else { return false }
        field = value
        return true
    }

    /// Within a generation, which has no entry of its own at its base, and within what SQLite holds.
    private static func place(_ sequence: UInt64) -> UInt64? {
        sequence <= UInt64(Int64.max)
            && sequence != JournalGeneration.base(JournalGeneration.of(sequence: sequence))
            ? sequence : nil
    }

    private func uncertainty(_ text: ArraySlice<UInt8>) -> UInt32? {
        guard let number = DecimalText.unsigned(text), number < UInt64(Limits.wallUnknownMs) else {
            return nil
        }
        return UInt32(number)
    }

    private func bootID(_ text: ArraySlice<UInt8>) -> BootID? {
        guard text.count == 32, let high = HexText.word(of: text.prefix(16)),
            let low = HexText.word(of: text.suffix(16))
        else { return nil }
        return BootID(high: high, low: low)
    }

    private func hash(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        text.count == HashChain.hashBytes * 2 ? HexText.bytes(of: text) : nil
    }
}
