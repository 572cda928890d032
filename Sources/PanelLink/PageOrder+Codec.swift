// SPDX-License-Identifier: Apache-2.0
import Facility

// What SoundMessage says of pages ⇄ bytes.

extension WireWriter {
    mutating func put(_ order: PageOrder) {
        put(order.isEmergency)
        put(UInt8(clamping: order.zones.count))
        for zone in order.zones { put(zone) }
        switch order.voice {
        case .live: put(UInt8(1))
        case .file(let path):
            put(UInt8(2))
            put(path, maxBytes: Limits.pathMaxBytes)
        case .unit(let name):
            put(UInt8(3))
            put(name, maxBytes: Limits.titleMaxBytes)
        }
    }

    mutating func put(_ line: PageReport) {
        put(line.page)
        put(line.isOver)
        put(line.soundMs)
        put(line.toneMs)
        put(line.trouble, maxBytes: Limits.callReasonMaxBytes)
    }

    mutating func put(_ line: PagedLine) {
        put(line.terminal)
        put(line.state?.rawValue ?? 0)
        put(line.by?.rawValue ?? 0)
        put(line.heardMs)
    }
}

extension WireReader {
    mutating func pageOrder() throws(WireRefusal) -> PageOrder {
        let isEmergency = try truth()
        let count = Int(try number(UInt8.self))
        guard count <= Limits.pagingZonesMaxCount else { throw .unknownValue }
        var zones: [ZoneID] = []
        for _ in 0..<count { zones.append(try identifier()) }
        let voice: PageOrder.Voice
        switch try number(UInt8.self) {
        case 1: voice = .live
        case 2: voice = .file(try text(maxBytes: Limits.pathMaxBytes))
        case 3: voice = .unit(try text(maxBytes: Limits.titleMaxBytes))
        default: throw .unknownValue
        }
        return PageOrder(zones: zones, voice: voice, isEmergency: isEmergency)
    }

    mutating func pageReport() throws(WireRefusal) -> PageReport {
        PageReport(
            page: try eventID(), isOver: try truth(), soundMs: try number(), toneMs: try number(),
            trouble: try text(maxBytes: Limits.callReasonMaxBytes))
    }

    mutating func pagedLine() throws(WireRefusal) -> PagedLine {
        let terminal: TerminalID = try identifier()
        let (state, by): (UInt8, UInt8) = (try number(), try number())
        let line = PagedLine(
            terminal: terminal, state: PageState(rawValue: state), by: SoundRank(rawValue: by),
            heardMs: try number())
        guard state == 0 || line.state != nil, by == 0 || line.by != nil else { throw .unknownValue }
        return line
    }
}
