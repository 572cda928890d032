// SPDX-License-Identifier: Apache-2.0
package import Facility
package import Journal

/// How far each stream of a terminal's journal goes: header `watchpost-heads: alarm=17,health=4`. A value.
package struct SyncHeads: Hashable, Sendable, CustomStringConvertible {
    package var sequences: [Stream: UInt64]

    package init(_ sequences: [Stream: UInt64] = [:]) { self.sequences = sequences }

    package init(_ heads: [StreamHead]) {
        sequences = Dictionary(heads.map { ($0.stream, $0.sequence) }, uniquingKeysWith: max)
    }

    package var description: String {
        Stream.allCases.compactMap { stream in sequences[stream].map { "\(stream)=\($0)" } }
            .joined(separator: ",")
    }

    /// Entries beyond the cursors. Of a stream that goes on in a later file than the cursor's, those of that
    /// file: how many the one before still has, its sequence does not tell.
    package func ahead(of cursors: [Stream: UInt64]) -> Int64 {
        sequences.reduce(into: Int64(0)) { sum, head in
            let from = max(
                cursors[head.key] ?? 0, JournalGeneration.base(JournalGeneration.of(sequence: head.value)))
            let more = head.value > from ? Int64(clamping: head.value - from) : 0
            sum = sum.addingReportingOverflow(more).overflow ? .max : sum + more
        }
    }

    /// `nil` for anything but what `description` writes; streams it does not know are left out.
    package init?(_ text: some StringProtocol) {
        sequences = [:]
        guard !text.isEmpty else { return }
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let pair = part.split(separator: "=", omittingEmptySubsequences: false)
            guard pair.count == 2, let sequence = DecimalText.unsigned(Array(pair[1].utf8)[...]) else {
                return nil
            }
            guard let stream = Stream(named: pair[0]) else { continue }
            guard sequences.updateValue(sequence, forKey: stream) == nil else { return nil }
        }
    }
}

/// What stands in the headers of each request: which boot of which machine speaks, what its clocks show while
/// it speaks, and how far its journal goes. A value. With it the hub can tell the age of an event of this
/// boot without trusting any wall clock.
package struct SyncHello: Hashable, Sendable {
    package static let bootHeader = "watchpost-boot"
    package static let clockHeader = "watchpost-clock"
    package static let generationHeader = "watchpost-generation"
    package static let headsHeader = "watchpost-heads"
    package static let versionHeader = "watchpost-version"

    /// `nil` where the kernel does not tell.
    package var boot: BootID?
    package var at: Moment
    /// Of the journal file that is written now.
    package var generation: UInt64
    package var heads: SyncHeads
    /// Of the program that speaks; empty where an older one does not tell.
    package var version: String

    package init(
        boot: BootID?, at: Moment, generation: UInt64, heads: SyncHeads, version: String = ""
    ) {
        self.boot = boot
        self.at = at
        self.generation = generation
        self.heads = heads
        self.version = version
    }

    package var headers: [(name: String, value: String)] {
        let uncertainty = at.uncertaintyMs == Limits.wallUnknownMs ? "-" : "\(at.uncertaintyMs)"
        var headers = [
            (name: Self.clockHeader, value: "\(at.uptime.nanoseconds),\(at.wallMs),\(uncertainty)"),
            (name: Self.generationHeader, value: "\(generation)"),
            (name: Self.headsHeader, value: heads.description),
        ]
        if let boot { headers.append((name: Self.bootHeader, value: boot.description)) }
        if !version.isEmpty { headers.append((name: Self.versionHeader, value: version)) }
        return headers
    }

    /// Reads them from whatever holds headers; `nil` when one is missing or garbled.
    package init?(header: (String) -> String?) {
        guard let clock = header(Self.clockHeader).flatMap(Self.moment),
            let generation = header(Self.generationHeader),
            let generation = DecimalText.unsigned(Array(generation.utf8)[...]),
            let heads = SyncHeads(header(Self.headsHeader) ?? "")
        else { return nil }
        let named = header(Self.bootHeader)
        let boot = named.flatMap { BootID($0) }
        guard named == nil || boot != nil else { return nil }
        let version = header(Self.versionHeader) ?? ""
        guard version.utf8.count <= Limits.versionMaxBytes, version.utf8.allSatisfy({ 0x21...0x7e ~= $0 })
        else { return nil }
        self.init(boot: boot, at: clock, generation: generation, heads: heads, version: version)
    }

    private static func moment(_ text: String) -> Moment? {
        let parts = text.split(separator: ",", omittingEmptySubsequences: false).map { Array($0.utf8)[...] }
        guard parts.count == 3, let uptime = DecimalText.unsigned(parts[0]),
            let wallMs = DecimalText.signed(parts[1])
        else { return nil }
        let isUnknown = parts[2] == [0x2d]
        guard let uncertainty = isUnknown ? UInt64(Limits.wallUnknownMs) : DecimalText.unsigned(parts[2]),
            let uncertaintyMs = UInt32(exactly: uncertainty)
        else { return nil }
        return Moment(
            uptime: Uptime(nanoseconds: uptime), wallMs: wallMs, uncertaintyMs: uncertaintyMs)
    }
}
