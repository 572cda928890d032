// SPDX-License-Identifier: Apache-2.0
import Facility
import Recordings
import Testing

struct SealedRecordingTests {
    static let sealed = SealedRecording(
        name: RecordingName(RecordingNameTests.call, part: 2), byteCount: 4_711,
        sha256: String(repeating: "ab", count: 32), chain: String(repeating: "cd", count: 32),
        key: String(repeating: "ef", count: 32), lengthMs: 12_340, isCut: true)

    static func entry(_ sealed: SealedRecording) -> CallEntry {
        var entry = CallEntry()
        entry.add("call", sealed.name.call.description)
        sealed.write(into: &entry)
        return entry
    }

    @Test func recording_isReadFromItsEntry() {
        #expect(SealedRecording(Self.entry(Self.sealed)) == Self.sealed)
    }

    @Test func entry_tellsOfNoRecording_whenItsWordsDoNotFit() {
        var other = CallEntry()
        other.add("call", EventID(terminal: .init("x")!, stream: .call, run: 1, sequence: 1).description)
        Self.sealed.write(into: &other)
        #expect(SealedRecording(other) == nil)
        var short = Self.sealed
        short.sha256 = "ab"
        #expect(SealedRecording(Self.entry(short)) == nil)
        var empty = Self.sealed
        empty.byteCount = 0
        #expect(SealedRecording(Self.entry(empty)) == nil)
    }
}
