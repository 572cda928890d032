// SPDX-License-Identifier: Apache-2.0
import CWireText
import Facility
import Journal

/// Writes a batch event by event, so that it can end where its bound is reached. A value of one thread.
///
/// Always true: what is written stands in pieces of about `syncPieceBytes`, so a large batch is never copied
/// from one buffer into a larger one, nor has to be sent at once.
package struct EventWriter {
    private var text: WireText
    private var pieces: [ArraySlice<UInt8>] = []
    private var piecesBytes = 0
    private var terminal: TerminalID?
    private var frames: [WireText.Frame] = []
    private var isFirst = true

    package init(capacity: Int) {
        text = WireText(capacity: min(capacity, Limits.syncPieceBytes))
        text.put(byte: 0x5b)
    }

    /// So far, without the closing bracket.
    package var byteCount: Int { piecesBytes + text.count }

    /// Appends `event`; with `maxBytes`, takes it back and says false when the body would become longer.
    @discardableResult
    package mutating func append(_ event: SyncEvent, maxBytes: Int = .max) -> Bool {
        if text.count + WireText.room(of: event.entry.event) > Limits.syncPieceBytes, text.count > 1 {
            beginPiece(WireText.room(of: event.entry.event))
        }
        let start = text.count
        if !isFirst { text.put(byte: 0x2c) }
        write(event)
        guard byteCount < maxBytes else {
            text.cut(to: start)
            return false
        }
        isFirst = false
        return true
    }

    package consuming func finish() -> [ArraySlice<UInt8>] {
        text.put(byte: 0x5d)
        return pieces + [text.slice()]
    }

    private mutating func beginPiece(_ room: Int) {
        var full = WireText(capacity: max(room + 256, Limits.syncPieceBytes))
        swap(&full, &text)
        piecesBytes += full.count
        pieces.append(full.slice())
    }

    private mutating func write(_ sent: SyncEvent) {
        let (entry, event) = (sent.entry, sent.entry.event)
        if terminal != event.id.terminal { prepare(event.id.terminal) }
        let isTellable = TimeText.isTellable(event.at)
        let isKnown = event.at.uncertaintyMs != Limits.wallUnknownMs
        var fields = wp_wire_fields(
            sequence: entry.sequence, after: sent.after ?? 0, run: event.id.run,
            run_sequence: event.id.sequence, uptime: event.at.uptime.nanoseconds,
            boot_high: sent.boot?.high ?? 0, boot_low: sent.boot?.low ?? 0, wall_ms: event.at.wallMs,
            uncertainty_ms: event.at.uncertaintyMs, kind: event.kind, has_time: isTellable ? 1 : 0,
            has_after: sent.after == nil ? 0 : 1, has_uncertainty: isKnown ? 1 : 0,
            has_boot: sent.boot == nil ? 0 : 1, standing: event.standing ? 1 : 0)
        text.put(&fields, entry, in: frames[Int(event.id.stream.rawValue)])
    }

    private mutating func prepare(_ terminal: TerminalID) {
        self.terminal = terminal
        let streams = Stream.allCases
        let empty = WireText.Frame()
        frames = [WireText.Frame](repeating: empty, count: Int(streams.map(\.rawValue).max() ?? 0) + 1)
        for stream in streams {
            let middle =
                "\",\"source\":\"\(EventWire.source)\(terminal)\",\"type\":\"\(EventWire.type)\(stream)."
            frames[Int(stream.rawValue)] = WireText.Frame(
                opening: Array("{\"specversion\":\"1.0\",\"id\":\"\(terminal)/\(stream)/".utf8),
                middle: Array(middle.utf8))
        }
    }
}
