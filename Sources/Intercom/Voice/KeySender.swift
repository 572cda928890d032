// SPDX-License-Identifier: Apache-2.0

/// One key at a time on its way out (RFC 4733): an event that grows with each frame, its end sent three
/// times, a pause after it. A value of the capture thread.
package struct KeySender: Hashable, Sendable {
    private var key: UInt8?
    private var duration = 0
    private var frames = 0
    private var ends = 0
    private var pause = 0
    package private(set) var timestamp: UInt32 = 0

    package init() {}

    package var isIdle: Bool { key == nil && pause == 0 }
    /// The packet that `next` gave last is an event's first.
    package var isFirst: Bool { frames == 1 }

    package mutating func begin(_ key: UInt8, timestamp: UInt32) {
        self.key = key
        self.timestamp = timestamp
        (duration, frames, ends) = (0, 0, 0)
    }

    /// What this frame of `ticks` carries; nil: voice.
    package mutating func next(ticks: Int) -> TelephoneEvent? {
        guard let key else {
            if pause > 0 { pause -= 1 }
            return nil
        }
        frames += 1
        let isEnd = frames > 8
        if !isEnd { duration += ticks }
        if isEnd { ends += 1 }
        if ends == 3 {
            self.key = nil
            pause = 5
        }
        return TelephoneEvent(key: key, isEnd: isEnd, duration: UInt16(clamping: duration))
    }
}
