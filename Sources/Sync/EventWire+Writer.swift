// SPDX-License-Identifier: Apache-2.0
import Facility
import Journal

/// Writes a batch event by event, so that it can end where its bound is reached. A value of one thread.
package struct EventWriter {
    private var text: WireText
    private var terminal: TerminalID?
    /// For each stream what stands before the sequence in `id`, and between `id` and the kind.
    private var openings: [[UInt8]] = []
    private var middles: [[UInt8]] = []
    private var isFirst = true

    package init(capacity: Int) {
        text = WireText(capacity: capacity)
        text.put(byte: 0x5b)
    }

    /// So far, without the closing bracket.
    package var byteCount: Int { text.count }

    /// Appends `event`; with `maxBytes`, takes it back and says false when the body would become longer.
    @discardableResult
    package mutating func append(_ event: SyncEvent, maxBytes: Int = .max) -> Bool {
        let start = text.count
        if !isFirst { text.put(byte: 0x2c) }
        write(event)
        guard text.count < maxBytes else {
            text.cut(to: start)
            return false
        }
        isFirst = false
        return true
    }

    package consuming func finish() -> [UInt8] {
        text.put(byte: 0x5d)
        return text.taken()
    }

    private mutating func write(_ sent: SyncEvent) {
        let (entry, event) = (sent.entry, sent.entry.event)
        let stream = Int(event.id.stream.rawValue)
        if terminal != event.id.terminal { prepare(event.id.terminal) }
        text.put(openings[stream])
        text.put(decimal: entry.sequence)
        text.put(middles[stream])
        text.put(decimal: UInt64(event.kind))
        if TimeText.isTellable(event.at) {
            text.put("\",\"time\":\"")
            TimeText.put(wallMs: event.at.wallMs, to: &text)
        }
        text.put("\",\"wpsequence\":\"")
        text.put(decimal: entry.sequence)
        if let after = sent.after {
            text.put("\",\"wpafter\":\"")
            text.put(decimal: after)
        }
        text.put("\",\"wprun\":\"")
        text.put(hex: event.id.run)
        text.put("\",\"wprunsequence\":\"")
        text.put(decimal: event.id.sequence)
        text.put("\",\"wpuptime\":\"")
        text.put(decimal: event.at.uptime.nanoseconds)
        text.put("\",\"wpwall\":\"")
        text.put(decimal: event.at.wallMs)
        if event.at.uncertaintyMs != Limits.wallUnknownMs {
            text.put("\",\"wpuncertainty\":\"")
            text.put(decimal: UInt64(event.at.uncertaintyMs))
        }
        if let boot = sent.boot {
            text.put("\",\"wpboot\":\"")
            text.put(hex: boot.high)
            text.put(hex: boot.low)
        }
        if event.standing { text.put("\",\"wpstanding\":true") } else { text.put("\",\"wpstanding\":false") }
        if !event.subject.isEmpty {
            text.put(",\"wpsubject\":\"")
            text.put(base64: event.subject)
            text.put(byte: 0x22)
        }
        text.put(",\"wpprevious\":\"")
        text.put(hex: entry.previousHash)
        text.put("\",\"wphash\":\"")
        text.put(hex: entry.hash)
        text.put("\",\"datacontenttype\":\"application/octet-stream\",\"data_base64\":\"")
        text.put(base64: event.payload)
        text.put("\"}")
    }

    private mutating func prepare(_ terminal: TerminalID) {
        self.terminal = terminal
        let streams = Stream.allCases
        openings = [[UInt8]](repeating: [], count: Int(streams.map(\.rawValue).max() ?? 0) + 1)
        middles = openings
        for stream in streams {
            openings[Int(stream.rawValue)] = Array(
                "{\"specversion\":\"1.0\",\"id\":\"\(terminal)/\(stream)/".utf8)
            let middle =
                "\",\"source\":\"\(EventWire.source)\(terminal)\",\"type\":\"\(EventWire.type)\(stream)."
            middles[Int(stream.rawValue)] = Array(middle.utf8)
        }
    }
}
