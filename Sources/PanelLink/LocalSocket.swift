// SPDX-License-Identifier: Apache-2.0
import CLinux
package import Facility
import Glibc

/// A Unix datagram socket between the processes of one terminal. Never blocks; closed when let go of, its
/// file removed.
///
/// Used on the line thread, and in the tool. Anybody on the machine may send; who it was is the kernel's
/// word, not the sender's, and decides what is done.
package final class LocalSocket: Sendable {
    package let descriptor: Int32
    /// Where others send to: a path, or `@name` in the abstract space.
    package let name: String

    /// A daemon's socket at a path. A file left by a dead process is replaced, a living one is a fault.
    package convenience init(path: String) throws(Fault) {
        try self.init(opening: path, whatFor: path)
    }

    /// A tool's socket, without a file, under a name of the kernel's choice.
    package convenience init() throws(Fault) {
        try self.init(opening: "", whatFor: "local reply socket")
    }

    private init(opening name: String, whatFor place: String) throws(Fault) {
        let descriptor = wp_unix_open(name, 0o666, Int32(Limits.socketBufferBytes))
        guard descriptor >= 0 else {
            throw Fault(
                "open local socket", at: place, cause: SystemError.text(-descriptor),
                hint:
                    "One agent runs per terminal: find another with `ss -xlp`; check the folder's rights."
            )
        }
        var bound = [CChar](repeating: 0, count: Int(WP_UNIX_NAME_BYTES))
        wp_unix_name(descriptor, &bound)
        self.descriptor = descriptor
        self.name = Self.text(bound)
    }

    deinit {
        // In this order: once closed, the next process may already have put its own file there.
        if !name.isEmpty, !name.hasPrefix("@") { unlink(name) }
        close(descriptor)
    }

    package func send(_ bytes: [UInt8], to name: String) -> LocalSending {
        let verdict = wp_unix_send(descriptor, bytes, bytes.count, name)
        switch -verdict {
        case 0: return .sent
        case EAGAIN, ENOBUFS, ENOMEM: return .full
        default: return .gone
        }
    }

    /// The next datagram; `nil`: none is waiting. One longer than `Limits.datagramMaxBytes` comes cut, and so
    /// is no message.
    package func receive() -> LocalDatagram? {
        var bytes = [UInt8](repeating: 0, count: Limits.datagramMaxBytes + 1)
        var sender = [CChar](repeating: 0, count: Int(WP_UNIX_NAME_BYTES))
        var uid: UInt32 = 0
        var pid: Int32 = 0
        let capacity = bytes.count
        let count = wp_unix_receive(descriptor, &bytes, capacity, &sender, &uid, &pid)
        guard count >= 0 else { return nil }
        bytes.removeLast(capacity - Int(count))
        return LocalDatagram(bytes: bytes, sender: Self.text(sender), uid: uid, pid: pid)
    }

    private static func text(_ name: [CChar]) -> String {
        String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}

/// What became of a local datagram.
package enum LocalSending: Hashable, Sendable {
    case sent
    /// The receiver has not read what it got before: try again later.
    case full
    /// Nobody is there, or we may not.
    case gone
}

/// A local datagram and who sent it.
package struct LocalDatagram: Hashable, Sendable {
    package let bytes: [UInt8]
    /// Where to answer to; empty: the sender has no name.
    package let sender: String
    /// `UInt32.max`: the kernel did not say.
    package let uid: UInt32
    package let pid: Int32
}
