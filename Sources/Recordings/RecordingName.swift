// SPDX-License-Identifier: Apache-2.0
package import Facility

/// What a recording is called on a terminal's disk, in its seal and at the hub: by its call, and, where one
/// call was heard in several parts, by the part. A value; any thread.
///
///     cell-101~9f3c0a1b2c3d4e5f~7        the first part of cell-101/call/9f3c0a1b2c3d4e5f/7
///     cell-101~9f3c0a1b2c3d4e5f~7~2      the second
package struct RecordingName: Hashable, Sendable {
    package let call: CallID
    package let part: Int

    package init(_ call: CallID, part: Int = 1) {
        (self.call, self.part) = (call, part)
    }

    package var text: String {
        let hex = String(call.run, radix: 16)
        let run = String(repeating: "0", count: 16 - hex.count) + hex
        return "\(call.terminal)~\(run)~\(call.sequence)" + (part > 1 ? "~\(part)" : "")
    }

    /// Reads what `text` writes; nil for anything else. So a name is never a path.
    package init?(_ text: some StringProtocol) {
        let words = text.split(separator: "~", omittingEmptySubsequences: false)
        guard words.count == 3 || words.count == 4,
            let call = CallID("\(words[0])/\(Stream.call)/\(words[1])/\(words[2])"),
            let part = words.count == 4 ? Int(words[3]) : 1, (1...Limits.recordingPartsCount).contains(part)
        else { return nil }
        self.init(call, part: part)
        guard self.text == text else { return nil }
    }
}
