// SPDX-License-Identifier: Apache-2.0
import Crypto
import Facility
import Journal
import PanelLink
import Recordings
import Sync

@testable import HubServer

/// A recording as a terminal makes one: some seconds of pages, sealed.
struct TestRecording {
    static let key = LinkKeys.generate().sealingKey

    let name: RecordingName
    let bytes: [UInt8]
    /// As it is heard.
    let clear: [UInt8]
    let seal: String
    let sealed: SealedRecording

    /// `hubKey`: encrypted to it; nil: clear, as before there was one.
    init(_ call: CallID, seconds: Int = 4, key: [UInt8] = key, hubKey: [UInt8]? = nil) {
        name = RecordingName(call)
        var pages = OggPages(serial: UInt32(truncatingIfNeeded: call.sequence), preSkip: 312)
        var chunks = [pages.head(channels: 2, rateHz: 16_000, preSkip: 312, title: name.text)]
        for second in 0..<seconds {
            for _ in 0..<50 {
                pages.add([UInt8](repeating: UInt8(second), count: 100), count: 100, samples: 960)
            }
            chunks.append(pages.page(isLast: second == seconds - 1))
        }
        clear = chunks.flatMap { $0 }
        if let hubKey, let box = RecordingBox(to: hubKey, serial: 7, preSkip: 312) {
            chunks = chunks.enumerated().map { box.sealed($1, isFirst: $0 == 0, isLast: $0 == seconds) }
        }
        var chain = RecordingSeal(name: name.text, secretKey: key)
        var text = chain.heading
        for chunk in chunks { text += chain.chunk(chunk) }
        text += chain.signed(.end)
        (bytes, seal) = (chunks.flatMap { $0 }, text)
        sealed = SealedRecording(
            name: name, byteCount: bytes.count, sha256: SealText.of(SHA256.hash(data: bytes)),
            chain: SealText.of(chain.hash), key: chain.key, lengthMs: seconds * 1_000, isCut: false)
    }

    /// What a call leaves in the stream `call`: offered, answered, ended, recorded.
    func entries(alarm: EventID? = nil) -> [[UInt8]] {
        func entry(_ step: String, _ more: [(String, String)]) -> CallEntry {
            var entry = CallEntry()
            entry.add("call", name.call.description)
            entry.add("step", step)
            for (name, value) in more { entry.add(name, value) }
            return entry
        }
        var recorded = entry("recorded", [])
        sealed.write(into: &recorded)
        for (name, value) in [("received", "190"), ("loss", "12"), ("delay", "23.4")] {
            recorded.add(name, value)
        }
        return [
            entry("offered", [("urgency", "emergency"), ("alarm", alarm?.description ?? "")]),
            entry("answered", [("with", "post-a"), ("officer", "P1042"), ("urgency", "emergency")]),
            entry("ended", [("why", "farHungUp")]), recorded,
        ].map(\.payload)
    }

    /// The same as events of a terminal's journal.
    static func events(_ payloads: [[UInt8]], of post: TestTerminal, _ journal: inout TestJournal)
        -> [SyncEvent]
    {
        payloads.map { payload in
            let wallMs = 1_800_000_000_000 + Int64(journal.head.sequence) * 1_000
            return SyncEvent(
                entry: journal.next(kind: 33, payload: payload, wallMs: wallMs).entry, boot: post.boot)
        }
    }
}
