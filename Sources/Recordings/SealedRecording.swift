// SPDX-License-Identifier: Apache-2.0
import Facility

/// A recording that is ended and sealed, as the entry of the record tells it: whoever holds the file and this
/// entry knows that they belong together. A value; any thread.
package struct SealedRecording: Hashable, Sendable {
    package var name: RecordingName
    package var byteCount: Int
    /// Of the whole file, 64 hexadecimal digits: its name at the hub.
    package var sha256: String
    /// The end of the seal's chain.
    package var chain: String
    /// Ed25519, public, 64 digits; empty: not signed.
    package var key: String
    package var lengthMs: Int
    /// It was not ended by its process: it was cut, and sealed at the next start.
    package var isCut: Bool

    package init(
        name: RecordingName, byteCount: Int, sha256: String, chain: String, key: String, lengthMs: Int,
        isCut: Bool
    ) {
        (self.name, self.byteCount, self.sha256) = (name, byteCount, sha256)
        (self.chain, self.key, self.lengthMs, self.isCut) = (chain, key, lengthMs, isCut)
    }

    package func write(into entry: inout CallEntry) {
        entry.add("file", name.text)
        entry.add("bytes", "\(byteCount)")
        entry.add("sha256", sha256)
        entry.add("chain", chain)
        entry.add("key", key)
        entry.add("ms", "\(lengthMs)")
        entry.add("end", isCut ? "cut" : "whole")
    }

    /// Nil: the entry tells of none.
    package init?(_ entry: CallEntry) {
        guard let name = entry["file"].flatMap({ RecordingName($0) }), name.call == entry.call,
            let bytes = entry.int("bytes"), (1...Int64(Limits.recordingMaxBytes)).contains(bytes),
            let sha256 = entry["sha256"], SealText.bytes(sha256)?.count == 32,
            let chain = entry["chain"], SealText.bytes(chain)?.count == 32,
            let ms = entry.int("ms"), (0...Int64(Int32.max)).contains(ms)
        else { return nil }
        let key = entry["key"] ?? ""
        guard key.isEmpty || SealText.bytes(key)?.count == 32 else { return nil }
        self.init(
            name: name, byteCount: Int(bytes), sha256: sha256, chain: chain, key: key, lengthMs: Int(ms),
            isCut: entry["end"] != "whole")
    }
}
