// SPDX-License-Identifier: Apache-2.0
import Audio
import Foundation
import Intercom
import Testing

/// What really goes over this machine's loopback, as tcpdump sees it. Needs root.
final class WireCapture {
    struct Packet {
        let wallMs: Double
        let sourcePort: UInt16
        let targetPort: UInt16
        let payload: [UInt8]

        /// RTP, and no RTCP (RFC 5761).
        var isVoice: Bool { payload.count >= 12 && payload[0] >> 6 == 2 && !(192...223 ~= payload[1]) }
        var text: String { String(decoding: payload.prefix(200), as: UTF8.self) }
        /// 0 where the packet is too short: this machine's loopback carries other tests' packets, too.
        func number(_ at: Int, bytes: Int) -> UInt32 {
            payload.dropFirst(at).prefix(bytes).reduce(0) { $0 << 8 | UInt32($1) }
        }
    }

    static var isPossible: Bool {
        guard geteuid() == 0 else {
            print("capture: only root sees the wire; nothing was tried")
            return false
        }
        return Peer.has("tcpdump")
    }

    private let peer: Peer
    private let file: String

    init(in folder: String) throws {
        let place = folder + "/capture-" + String(UInt32.random(in: .min ... .max), radix: 36)
        try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
        file = place + "/wire.pcap"
        let peer = try Peer(
            "tcpdump",
            ["-i", "lo", "-w", file, "-U", "--immediate-mode", "-B", "16384", "-Z", "root", "udp"], in: place)
        self.peer = peer
        try #require(
            eventually(ms: 20_000) { peer.log("tcpdump").contains("listening on") }, "\(peer.log("tcpdump"))")
    }

    /// Everything since the beginning.
    func packets() throws -> [Packet] {
        let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: file)))
        func little(_ at: Int) -> Int { (0..<4).reduce(0) { $0 | Int(bytes[at + $1]) << (8 * $1) } }
        var packets: [Packet] = []
        var at = 24
        while at + 16 <= bytes.count {
            let (seconds, micros, length) = (little(at), little(at + 4), little(at + 8))
            guard at + 16 + length <= bytes.count else { break }
            defer { at += 16 + length }
            // Ethernet, then IPv4 and UDP.
            let frame = Array(bytes[(at + 16)..<(at + 16 + length)])
            guard frame.count > 42, frame[12] == 8, frame[13] == 0, frame[23] == 17 else { continue }
            let udp = 14 + Int(frame[14] & 15) * 4
            guard frame.count >= udp + 8 else { continue }
            func port(_ at: Int) -> UInt16 { UInt16(frame[at]) << 8 | UInt16(frame[at + 1]) }
            packets.append(
                Packet(
                    wallMs: Double(seconds) * 1_000 + Double(micros) / 1_000, sourcePort: port(udp),
                    targetPort: port(udp + 2), payload: Array(frame[(udp + 8)...])))
        }
        return packets
    }

    func end() { peer.end() }
}

/// Whether a sound of a known pitch is in there: the share of its power in windows of 100 ms.
enum Pitch {
    static func share(_ samples: ArraySlice<Int16>, hertz: Double, rateHz: Int) -> Double {
        var (real, imaginary, power) = (0.0, 0.0, 0.0)
        for (place, sample) in samples.enumerated() {
            let angle = 2 * Double.pi * hertz * Double(place) / Double(rateHz)
            real += Double(sample) * cos(angle)
            imaginary += Double(sample) * sin(angle)
            power += Double(sample) * Double(sample)
        }
        return power == 0 ? 0 : 2 * (real * real + imaginary * imaginary) / Double(samples.count) / power
    }

    /// How many windows are loud and mostly this pitch.
    static func windows(_ samples: [Int16], hertz: Double, rateHz: Int) -> Int {
        let size = rateHz / 10
        return stride(from: 0, to: samples.count - size, by: size).count { start in
            let window = samples[start..<(start + size)]
            let loud = window.count { abs(Int($0)) > 500 }
            return loud > size / 4 && share(window, hertz: hertz, rateHz: rateHz) > 0.6
        }
    }
}

/// Somebody on the wire who sends what he likes, from any address.
enum Spoofer {
    struct Aim {
        var host = "127.0.0.1"
        var port: UInt16
        var target: UInt16
        var payloadType: UInt8
        var source: UInt32
        var sequence: UInt32
        var timestamp: UInt32
    }

    private static let script = """
        import socket, struct, sys, time
        host, port, target, kind, source, sequence, stamp, payload, count = sys.argv[1:]
        port, target, kind, source, sequence, stamp = map(int, (port, target, kind, source, sequence, stamp))
        payload = bytes.fromhex(payload)
        wire = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)
        for number in range(int(count)):
            voice = struct.pack("!BBHII", 0x80, kind, (sequence + number) % 65536,
                                (stamp + 160 * number) % 2**32, source) + payload
            size = 28 + len(voice)
            wire.sendto(struct.pack("!BBHHHBBH4s4s", 0x45, 0, size, 0, 0, 64, 17, 0, socket.inet_aton(host),
                                    socket.inet_aton("127.0.0.1"))
                        + struct.pack("!HHHH", port, target, size - 20, 0) + voice, ("127.0.0.1", 0))
            time.sleep(0.005)
        """

    /// A second and a half of packets, four times as fast as the voice's own.
    static func send(_ aim: Aim, payload: [UInt8], in folder: String) throws {
        let hex = payload.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        try Peer.run(
            "python3",
            [
                "-c", script, aim.host, "\(aim.port)", "\(aim.target)", "\(aim.payloadType)", "\(aim.source)",
                "\(aim.sequence)", "\(aim.timestamp)", hex, "300",
            ], in: folder)
    }
}
