// SPDX-License-Identifier: Apache-2.0
import Facility

// PageMessage ⇄ bytes. Total: any bytes give a message or a refusal.

extension PageMessage {
    private enum Kind: UInt8 {
        case announce = 96
        case end = 97
        case state = 98
    }

    package func encode() -> [UInt8] {
        var writer = WireWriter(capacity: 256)
        switch self {
        case .announce(let notice):
            writer.put(Kind.announce.rawValue)
            writer.put(notice.page)
            writer.put(notice.token)
            writer.put(notice.isEmergency)
            writer.put(notice.waits)
            writer.put(notice.officer)
            writer.put(notice.group.address)
            writer.put(notice.group.port)
            writer.put(notice.group.codec.rawValue)
            writer.put(notice.source)
            writer.append(notice.key.prefix(PageNotice.keyBytes))
            writer.put(UInt8(clamping: notice.zones.count))
            for zone in notice.zones { writer.put(zone) }
        case .end(let page, let token):
            writer.put(Kind.end.rawValue)
            writer.put(page)
            writer.put(token)
        case .state(let answer):
            writer.put(Kind.state.rawValue)
            writer.put(answer.page)
            writer.put(answer.state.rawValue)
            writer.put(answer.token)
            writer.put(answer.port)
            writer.put(answer.by?.rawValue ?? 0)
            writer.put(answer.heardMs)
        }
        return writer.bytes
    }

    package init(decoding bytes: [UInt8]) throws(WireRefusal) {
        var reader = WireReader(bytes, from: 0)
        guard let kind = Kind(rawValue: try reader.number()) else { throw .unknownKind }
        switch kind {
        case .announce: self = .announce(try reader.notice())
        case .end: self = .end(page: try reader.eventID(), token: try reader.number())
        case .state:
            var answer = PageAnswer(
                page: try reader.eventID(), state: try reader.value(), token: try reader.number(),
                port: try reader.number())
            let by: UInt8 = try reader.number()
            answer.by = SoundRank(rawValue: by)
            guard by == 0 || answer.by != nil else { throw .unknownValue }
            answer.heardMs = try reader.number()
            self = .state(answer)
        }
        try reader.end()
    }
}

extension WireReader {
    fileprivate mutating func notice() throws(WireRefusal) -> PageNotice {
        let page = try eventID()
        let token: UInt64 = try number()
        let (isEmergency, waits) = (try truth(), try truth())
        let officer: OfficerID? = try identifierOrNone()
        let group = PageGroup(address: try number(), port: try number(), codec: try value())
        guard group.address >> 28 == 14, group.port > 0 else { throw .unknownValue }
        let source: UInt32 = try number()
        var key: [UInt8] = []
        for _ in 0..<PageNotice.keyBytes { key.append(try number()) }
        let count = Int(try number(UInt8.self))
        guard count <= Limits.pagingZonesMaxCount else { throw .unknownValue }
        var zones: [ZoneID] = []
        for _ in 0..<count { zones.append(try identifier()) }
        return PageNotice(
            page: page, token: token, isEmergency: isEmergency, waits: waits, officer: officer, zones: zones,
            group: group, source: source, key: key)
    }
}
