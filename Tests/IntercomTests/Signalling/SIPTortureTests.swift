// SPDX-License-Identifier: Apache-2.0
import CLinux
import Facility
import Foundation
import TestBoard
import TestCalls
import Testing

@testable import Intercom

/// The messages of RFC 4475, raw and altered, from an address that may call.
@Suite(.serialized)
struct SIPTortureTests {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appending(path: "rfc4475")

    /// What a sound element answers; 0: nothing. What is not listed may be answered in any way.
    private static let wanted: [String: Set<Int>] = [
        // In a dialog that is none of ours.
        "wsinv": [481], "intmeth": [405, 501], "esc01": [180], "escnull": [405, 200], "esc02": [405, 501],
        "lwsdisp": [200], "longreq": [180], "semiuri": [200], "transports": [200], "multi01": [400, 0],
        "mcl01": [400, 0, 200], "badvers": [505, 0], "scalar02": [405], "clerr": [400, 0],
        "ncl": [400, 0], "unreason": [0], "noreason": [0], "bigcode": [0], "badbranch": [0, 200, 400],
        "insuf": [400], "bext01": [420], "unkscm": [416],
        "mismatch01": [400], "mismatch02": [400], "sdp01": [488, 180, 406], "zeromf": [200, 483],
        "cparam01": [405],
        "regaut01": [405], "mpart01": [200],
    ]

    private func exchange(_ bytes: [UInt8], _ socket: Int32, _ port: UInt16, ms: Int) -> [Int] {
        var codes: [Int] = []
        _ = wp_udp_send(socket, bytes, bytes.count, SIPEnds.host, port)
        let end = Uptime(nanoseconds: wp_uptime_ns()).advanced(ms: ms)
        while case let now = Uptime(nanoseconds: wp_uptime_ns()), now < end {
            var ready: [Int16] = [0]
            _ = wp_poll([socket], &ready, 1, Int64(end.nanoseconds - now.nanoseconds))
            var buffer = [UInt8](repeating: 0, count: 65_536)
            var address: UInt32 = 0
            var from: UInt16 = 0
            let size = buffer.count
            let count = wp_udp_receive(socket, &buffer, size, &address, &from)
            guard count > 12 else { continue }
            let line = String(decoding: buffer[8..<12], as: UTF8.self)
            if let code = Int(line.filter(\.isNumber)) {
                codes.append(code)
                if code >= 180 { break }
            }
        }
        return codes
    }

    /// The Via says where answers go: here, to us.
    private func addressed(_ bytes: [UInt8], _ port: UInt16) -> [UInt8] {
        // Latin-1 keeps every byte as it is.
        let text = String(data: Data(bytes), encoding: .isoLatin1) ?? ""
        guard let via = text.range(of: #"(?m)^(v|Via|VIA|via)\s*:"#, options: .regularExpression) else {
            return bytes
        }
        let line =
            "Via: SIP/2.0/UDP 127.0.0.1:\(port);branch=z9hG4bK\(UInt32.random(in: 1 ... .max));rport\r\n"
        var altered = text
        altered.insert(contentsOf: line, at: via.lowerBound)
        return Array(altered.data(using: .isoLatin1) ?? Data())
    }

    @Test func messages_areAnsweredOrDropped_asTheRFCSays() async throws {
        try await SIPEnds.run { ends in
            try await ends.open("b")
            var own: UInt16 = 0
            let socket = wp_udp_open(SIPEnds.host, 0, 1 << 20, &own)
            defer { close(socket) }
            let port = await ends.port("b")
            let names = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path)
                .filter { $0.hasSuffix(".dat") }.sorted()
            #expect(names.count == 49)
            var deviations: [String] = []
            for name in names {
                let bytes = [UInt8](try Data(contentsOf: Self.folder.appending(path: name)))
                let codes = exchange(addressed(bytes, own), socket, port, ms: 300)
                let stem = String(name.dropLast(4))
                let last = codes.last ?? 0
                if let wanted = Self.wanted[stem], !wanted.contains(last) {
                    deviations.append("\(stem): \(last), not \(wanted.sorted())")
                }
            }
            // RFC 2543 knew no Contact: no dialog can be made of its INVITE, which gets 500.
            #expect(deviations.isEmpty)
            #expect(await ends.counts("b") != nil, "the endpoint lives")
            // It still takes a call.
            try await ends.open("a")
            let uri = SIPRequest.uri(user: "b", host: SIPEnds.host, port: port)
            let call = try await ends.invite("a", uri)
            #expect(await ends.sees("a") { $0 == .ringing(call) })
        }
    }

    @Test func alteredMessages_neverEndTheProcess() async throws {
        try await SIPEnds.run { ends in
            try await ends.open("b")
            var own: UInt16 = 0
            let socket = wp_udp_open(SIPEnds.host, 0, 1 << 20, &own)
            defer { close(socket) }
            let port = await ends.port("b")
            let files = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path)
                .filter { $0.hasSuffix(".dat") }.sorted()
            let seeds = try files.map { [UInt8](try Data(contentsOf: Self.folder.appending(path: $0))) }
            var random = SeededGenerator(seed: 4475)
            for round in 0..<5_000 {
                var bytes = addressed(random.pick(seeds), own)
                for _ in 0..<(1 + random.below(4)) where !bytes.isEmpty {
                    let place = random.below(bytes.count)
                    switch random.below(4) {
                    case 0: bytes[place] = UInt8(random.below(256))
                    case 1: bytes.remove(at: place)
                    case 2:
                        bytes.insert(contentsOf: bytes[place..<min(bytes.count, place + 80)], at: place)
                    default: bytes.removeLast(random.below(min(200, bytes.count)))
                    }
                }
                _ = wp_udp_send(socket, bytes, min(bytes.count, 60_000), SIPEnds.host, port)
                // So that the kernel's queue does not drop most of them.
                if round % 50 == 0 { _ = await ends.port("b") }
            }
            try await ends.open("a")
            let uri = SIPRequest.uri(user: "b", host: SIPEnds.host, port: port)
            var rang = false
            // The invitations of this second may be too many.
            for _ in 0..<20 where !rang {
                let call = try await ends.invite("a", uri)
                rang = await ends.sees("a", ms: 300) { $0 == .ringing(call) }
            }
            #expect(rang)
        }
    }
}
