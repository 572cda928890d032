// SPDX-License-Identifier: Apache-2.0
import CSodium
package import Facility
import Glibc

/// A terminal's own X25519 key pair: whoever holds the secret *is* that terminal to all others.
///
/// A value. In a file the secret is one line of 64 hexadecimal digits; the public key is written the same way
/// in the site.
package struct LinkKeys: Sendable {
    package static let keyBytes = 32

    package let publicKey: [UInt8]
    let secretKey: [UInt8]

    /// The public key as the site writes it.
    package var publicText: String { Self.text(publicKey) }

    package static func generate() -> LinkKeys {
        Sodium.start()
        var secret = [UInt8](repeating: 0, count: keyBytes)
        randombytes_buf(&secret, keyBytes)
        return LinkKeys(secretKey: secret)
    }

    init(secretKey: [UInt8]) {
        precondition(secretKey.count == Self.keyBytes, "an X25519 secret has 32 bytes")
        Sodium.start()
        var publicKey = [UInt8](repeating: 0, count: Self.keyBytes)
        crypto_scalarmult_base(&publicKey, secretKey)
        self.publicKey = publicKey
        self.secretKey = secretKey
    }

    package static func text(_ key: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: key.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    /// Reads the form that `text` writes; `nil` for anything else.
    package static func key(_ text: some StringProtocol) -> [UInt8]? {
        let digits = text.utf8.map { digit -> UInt8? in
            switch digit {
            case 0x30...0x39: digit - 0x30
            case 0x61...0x66: digit - 0x61 + 10
            case 0x41...0x46: digit - 0x41 + 10
            default: nil
            }
        }
        guard digits.count == keyBytes * 2 else { return nil }
        var key: [UInt8] = []
        for place in stride(from: 0, to: digits.count, by: 2) {
            guard let high = digits[place], let low = digits[place + 1] else { return nil }
            key.append(high << 4 | low)
        }
        return key
    }
}

extension LinkKeys {
    /// Refuses a file that others than its owner may read, and anything that is not exactly one key.
    package static func load(_ path: String) throws(Fault) -> LinkKeys {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            throw Fault(
                "read key", at: path, cause: reason(errno),
                hint: "Make one with `watchpost keygen`, and give the public key to the site's list.")
        }
        defer { close(descriptor) }
        var about = stat()
        guard fstat(descriptor, &about) == 0 else {
            throw Fault("read key", at: path, cause: reason(errno), hint: "Check the disk with `dmesg`.")
        }
        guard about.st_mode & S_IFMT == S_IFREG else {
            throw Fault("read key", at: path, cause: "not a file", hint: "Make one with `watchpost keygen`.")
        }
        guard about.st_mode & 0o077 == 0 else {
            throw Fault(
                "read key", at: path, cause: "others than its owner may read it",
                hint:
                    "Run `chmod 0400 \(path)`; if others had access, make a new key with `watchpost keygen`.")
        }
        var bytes = [UInt8](repeating: 0, count: keyBytes * 2 + 2)
        var count = 0
        while count < bytes.count {
            var part = [UInt8](repeating: 0, count: bytes.count - count)
            let got = read(descriptor, &part, part.count)
            if got < 0, errno == EINTR { continue }
            guard got >= 0 else {
                throw Fault("read key", at: path, cause: reason(errno), hint: "Check the disk with `dmesg`.")
            }
            if got == 0 { break }
            bytes.replaceSubrange(count..<count + got, with: part[..<got])
            count += got
        }
        var text = String(decoding: bytes[..<count], as: UTF8.self)
        if text.hasSuffix("\n") { text.removeLast() }
        guard let secret = key(text) else {
            throw Fault(
                "read key", at: path, cause: "it does not hold one line of 64 hexadecimal digits",
                hint: "Restore it from the installation's record, or make a new one with `watchpost keygen`.")
        }
        return LinkKeys(secretKey: secret)
    }

    /// Makes a new file, readable by its owner alone, and returns when it is on the disk. Never replaces one.
    package func write(_ path: String) throws(Fault) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o400)
        guard descriptor >= 0 else {
            let hint =
                errno == EEXIST
                ? "A key is there already; move it away first if it shall be replaced."
                : "Check folder and rights."
            throw Fault("write key", at: path, cause: Self.reason(errno), hint: hint)
        }
        let line = Array((Self.text(secretKey) + "\n").utf8)
        let done =
            fchmod(descriptor, 0o400) == 0 && Glibc.write(descriptor, line, line.count) == line.count
            && fsync(descriptor) == 0
        let failure = errno
        close(descriptor)
        guard done else {
            unlink(path)
            throw Fault(
                "write key", at: path, cause: Self.reason(failure), hint: "Check free space with `df`.")
        }
        let folder = path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        let folderDescriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folderDescriptor >= 0 else { return }
        fsync(folderDescriptor)
        close(folderDescriptor)
    }

    private static func reason(_ number: Int32) -> String { SystemError.text(number) }
}

extension LinkKeys: CustomStringConvertible {
    /// Never the secret, wherever it is printed.
    package var description: String { "key pair \(publicText)" }
}

/// libsodium, started once per process. Any thread.
enum Sodium {
    private static let started: Bool = sodium_init() >= 0

    /// Without random numbers nothing here is safe, and no terminal's kernel lacks them: a programming error.
    static func start() { precondition(started, "libsodium does not start") }

    static func random() -> UInt64 {
        var bytes = [UInt8](repeating: 0, count: 8)
        randombytes_buf(&bytes, bytes.count)
        return bytes.reduce(0) { $0 << 8 | UInt64($1) }
    }
}
