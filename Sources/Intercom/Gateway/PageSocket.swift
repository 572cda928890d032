// SPDX-License-Identifier: Apache-2.0
package import Facility
import Glibc
package import TalkLink

/// The Unix stream socket at which the hub's talks arrive. Any thread; closed when it is let go.
package final class PageListener: Sendable {
    package let descriptor: Int32
    private let path: String

    /// A file that a dead gateway left is taken away; the hub's group may connect.
    package init(path: String) throws(Fault) {
        func fault(_ operation: String, _ number: Int32) -> Fault {
            Fault(
                operation, at: path, cause: String(cString: strerror(number)),
                hint: "The folder must exist, and this user may write there; the path has at most 107 bytes.")
        }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let name = Array(path.utf8)
        guard name.count < MemoryLayout.size(ofValue: address.sun_path) else {
            throw fault("open gateway", ENAMETOOLONG)
        }
        // SAFETY: the name is shorter than the field that it is copied into; the rest stays zero.
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: name) }
        let kind = [SOCK_STREAM, SOCK_CLOEXEC, SOCK_NONBLOCK].reduce(0) { $0 | Int32($1.rawValue) }
        let descriptor = socket(AF_UNIX, kind, 0)
        guard descriptor >= 0 else { throw fault("open gateway", errno) }
        _ = unlink(path)
        // SAFETY: one address seen as its general type, for the length of the call.
        let bound = withUnsafePointer(to: &address) { own in
            own.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard bound == 0, chmod(path, 0o660) == 0, listen(descriptor, 8) == 0 else {
            let number = errno
            close(descriptor)
            throw fault("open gateway", number)
        }
        self.descriptor = descriptor
        self.path = path
    }

    /// A page's line that waits; nil: none does.
    package func accept() -> PageLine? {
        let line = Glibc.accept(descriptor, nil, nil)
        guard line >= 0 else { return nil }
        _ = fcntl(line, F_SETFD, FD_CLOEXEC)
        _ = fcntl(line, F_SETFL, O_NONBLOCK)
        return PageLine(line)
    }

    deinit {
        close(descriptor)
        _ = unlink(path)
    }
}

/// One talk's connection. One thread; never waits.
package final class PageLine {
    package let descriptor: Int32
    private var reader = TalkFrameReader()
    private var bytes = [UInt8](repeating: 0, count: 4_096)

    init(_ descriptor: Int32) { self.descriptor = descriptor }

    deinit { close(descriptor) }

    /// What has come; nil: the hub is gone, or speaks nonsense.
    package func frames() -> [TalkFrame]? {
        let count = recv(descriptor, &bytes, bytes.count, 0)
        if count < 0 { return errno == EAGAIN || errno == EINTR ? [] : nil }
        guard count > 0 else { return nil }
        return try? reader.take(bytes[..<count])
    }

    /// False: the hub does not take it now. Half a frame is never left: they are shorter than the buffer.
    @discardableResult
    package func send(_ frame: TalkFrame) -> Bool {
        let bytes = frame.bytes
        return Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count
    }
}
