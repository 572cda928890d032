// SPDX-License-Identifier: Apache-2.0
import CLinux
import Facility
import Synchronization

/// Where the hub was last found, kept beside the identity (file `address`): so a name server that is dead,
/// slow or lies keeps nobody from a hub that stands where it stood.
///
/// Any thread. Always true: an address is kept only after TLS found the hub there; it is a shortcut, never
/// a proof: whoever answers there has to be the hub again.
package final class HubAddress: Sendable {
    /// The hub's name.
    package let host: String
    private let path: String
    private let known: Mutex<String?>

    /// Nil where the hub is given by an address. `hub`: `https://name:port`.
    package init?(hub: String, directory: String) {
        let host = String((hub.split(separator: "/").dropFirst().first ?? "").prefix { $0 != ":" })
        guard !host.isEmpty, !host.hasPrefix("["),
            !host.split(separator: ".").allSatisfy({ UInt8($0) != nil })
        else { return nil }
        self.host = host
        path = directory + "/address"
        known = Mutex(Self.read(path))
    }

    package var last: String? { known.withLock { $0 } }

    package func found(_ address: String?) {
        guard let address, Self.isAddress(address) else { return }
        let isNew = known.withLock { known in
            defer { known = address }
            return known != address
        }
        guard isNew else { return }
        // One line of always the same length: an overwritten file is never half of two.
        let padding = String(repeating: " ", count: Self.longest - address.utf8.count)
        let text = Array((address + padding + "\n").utf8)
        _ = wp_write_file(path, text, text.count)
    }

    private static let longest = 45

    private static func read(_ path: String) -> String? {
        var bytes = [UInt8](repeating: 0, count: longest + 1)
        guard wp_read_file(path, &bytes, bytes.count) == longest + 1 else { return nil }
        let text = String(decoding: bytes.prefix { $0 > 0x20 }, as: UTF8.self)
        return isAddress(text) ? text : nil
    }

    /// As the system prints one.
    private static func isAddress(_ text: String) -> Bool {
        (2...longest).contains(text.utf8.count)
            && text.utf8.allSatisfy {
                (0x30...0x39).contains($0) || (0x61...0x66).contains($0) || $0 == 0x2e || $0 == 0x3a
            }
    }
}
