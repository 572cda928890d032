// SPDX-License-Identifier: Apache-2.0
import Facility

/// The small notations inside a value: durations, addresses, keys, paths. Pure; `nil` is not of that form.
enum Scalars {
    /// `500ms`, `30s`, `2m`.
    static func milliseconds(_ text: String) -> Int? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard !digits.isEmpty, digits.count <= 9, let value = Int(digits) else { return nil }
        switch text.dropFirst(digits.count) {
        case "ms": return value
        case "s": return value * 1_000
        case "m": return value * 60_000
        default: return nil
        }
    }

    /// `10.0.0.7:7001`: an address that one machine can have, no leading zeros, a port from 1.
    static func endpoint(_ text: String) -> (address: UInt32, port: UInt16)? {
        // 0.0.0.0/8 is no destination; from 224.0.0.0 on addresses belong to groups or to nobody.
        guard let place = place(text), place.address >> 24 != 0, place.address >> 24 < 224 else { return nil }
        return place
    }

    /// `239.192.71.1:5004`: a multicast group (224.0.0.0/4) and a port from 1.
    static func group(_ text: String) -> (address: UInt32, port: UInt16)? {
        guard let place = place(text), place.address >> 28 == 14 else { return nil }
        return place
    }

    private static func place(_ text: String) -> (address: UInt32, port: UInt16)? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let port = decimal(parts[1], max: 65_535), port > 0 else { return nil }
        let bytes = parts[0].split(separator: ".", omittingEmptySubsequences: false).map {
            decimal($0, max: 255)
        }
        guard bytes.count == 4 else { return nil }
        var address: UInt32 = 0
        for byte in bytes {
            guard let byte else { return nil }
            address = address << 8 | UInt32(byte)
        }
        return (address, UInt16(port))
    }

    static func isLoopback(_ address: UInt32) -> Bool { address >> 24 == 127 }

    static func endpointText(_ address: UInt32, _ port: UInt16) -> String {
        "\(address >> 24).\(address >> 16 & 255).\(address >> 8 & 255).\(address & 255):\(port)"
    }

    /// 64 hexadecimal digits, as `watchpost keygen` prints them.
    static func publicKey(_ text: String) -> [UInt8]? {
        let digits = text.utf8.map { digit -> UInt8? in
            switch digit {
            case 0x30...0x39: digit - 0x30
            case 0x41...0x46: digit - 0x41 + 10
            case 0x61...0x66: digit - 0x61 + 10
            default: nil
            }
        }
        guard digits.count == 64 else { return nil }
        var key: [UInt8] = []
        for place in stride(from: 0, to: 64, by: 2) {
            guard let high = digits[place], let low = digits[place + 1] else { return nil }
            key.append(high << 4 | low)
        }
        return key.allSatisfy { $0 == 0 } ? nil : key
    }

    /// A user as the system allows it.
    static func isUser(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard let first = bytes.first, bytes.count <= 32 else { return false }
        let isStart = (0x61...0x7a).contains(first) || first == 0x5f
        return isStart
            && bytes.allSatisfy {
                (0x61...0x7a).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5f || $0 == 0x2d
            }
    }

    private static func decimal(_ text: Substring, max: Int) -> Int? {
        guard !text.isEmpty, text.utf8.count <= 5, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        guard text.utf8.count == 1 || text.utf8.first != 0x30 else { return nil }
        return Int(text).flatMap { $0 <= max ? $0 : nil }
    }
}
