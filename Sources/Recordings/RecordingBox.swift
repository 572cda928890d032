// SPDX-License-Identifier: Apache-2.0
import CSodium
package import Facility

/// Encrypts a recording to the hub's key, page by page: whoever takes the terminal or its disk hears nothing
/// of what was said before, and the terminal itself neither.
///
///     Ogg page: "WatchpostBox" 1, pre-skip (2), crypto_box_seal(stream key) (80), stream's head (24)
///     Ogg page: crypto_secretstream_xchacha20poly1305 of the two first pages of the clear file
///     Ogg page: the same of each page after, under its own time
///
/// The recorder's thread's. Always true: pages, their times and their order stay readable, so a cut, a seal
/// and `watchpost verify` need no key; the key of one recording is nowhere but here and in its first page,
/// where only the hub reads it.
package final class RecordingBox {
    static let magic = Array("WatchpostBox".utf8) + [1]
    static let sealedKeyBytes = Int(crypto_secretstream_xchacha20poly1305_KEYBYTES) + 48
    static let streamHeadBytes = Int(crypto_secretstream_xchacha20poly1305_HEADERBYTES)
    static let addedBytes = 17
    package static let publicKeyBytes = 32

    private var stream = crypto_secretstream_xchacha20poly1305_state()
    private var pages: OggPages
    private let first: [UInt8]

    /// `publicKey`: X25519, 32 bytes. Nil: it is none.
    package init?(to publicKey: [UInt8], serial: UInt32, preSkip: UInt16) {
        guard publicKey.count == Self.publicKeyBytes, sodium_init() >= 0 else { return nil }
        var key = [UInt8](repeating: 0, count: Int(crypto_secretstream_xchacha20poly1305_KEYBYTES))
        crypto_secretstream_xchacha20poly1305_keygen(&key)
        var head = [UInt8](repeating: 0, count: Self.streamHeadBytes)
        crypto_secretstream_xchacha20poly1305_init_push(&stream, &head, key)
        var sealed = [UInt8](repeating: 0, count: Self.sealedKeyBytes)
        let failed = crypto_box_seal(&sealed, key, UInt64(key.count), publicKey)
        sodium_memzero(&key, key.count)
        guard failed == 0 else { return nil }
        pages = OggPages(serial: serial, preSkip: preSkip)
        let skip = [UInt8(truncatingIfNeeded: preSkip), UInt8(preSkip >> 8)]
        first = pages.page(holding: Self.magic + skip + sealed + head, granule: 0, isFirst: true)
    }

    deinit { sodium_memzero(&stream, MemoryLayout.size(ofValue: stream)) }

    /// Clear pages, encrypted as one, with the first before them where `isFirst`.
    package func sealed(_ clear: [UInt8], isFirst: Bool = false, isLast: Bool = false) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: clear.count + Self.addedBytes)
        let tag = isLast ? UInt8(crypto_secretstream_xchacha20poly1305_tag_final()) : 0
        crypto_secretstream_xchacha20poly1305_push(
            &stream, &bytes, nil, clear, UInt64(clear.count), nil, 0, tag)
        let page = pages.page(holding: bytes, granule: OggPages.whole(clear).granule ?? 0, isLast: isLast)
        return isFirst ? first + page : page
    }
}

/// A recording to be heard: as it is, or opened with the hub's key. On one thread at a time.
package final class OpenedRecording {
    private let file: RecordingFile
    /// Of the clear recording.
    package let size: Int
    /// nil: it is clear as it is.
    private let key: [UInt8]?
    private let firstPageBytes: Int
    private var stream = crypto_secretstream_xchacha20poly1305_state()
    private var head: [UInt8] = []
    /// Where the next page begins in the file, and what was opened last: its place in the clear, its bytes.
    private var next = 0
    private var opened: (start: Int, bytes: [UInt8]) = (0, [])

    /// `secretKey`: X25519, 32 bytes; empty: there is none. Throws where the recording is encrypted to
    /// another key.
    package init(_ file: RecordingFile, secretKey: [UInt8]) throws(Fault) {
        self.file = file
        guard let place = Self.place(file, at: 0), let first = file.read(place.lowerBound, place.count),
            first.starts(with: RecordingBox.magic)
        else {
            (size, key, firstPageBytes) = (file.size, nil, 0)
            return
        }
        let sealed = first.dropFirst(RecordingBox.magic.count + 2).prefix(RecordingBox.sealedKeyBytes)
        guard secretKey.count == 32, let key = Self.key(Array(sealed), secretKey) else {
            throw Fault(
                "open recording", at: "its first page", cause: "it is encrypted to another key",
                hint: "Put the hub's authority/recording.key of that time back from its backup.")
        }
        (self.key, firstPageBytes) = (key, place.upperBound)
        var (at, size) = (place.upperBound, 0)
        while let page = Self.place(file, at: at) {
            size += max(0, page.count - RecordingBox.addedBytes)
            at = page.upperBound
        }
        self.size = size
        restart(first)
    }

    private static func key(_ sealed: [UInt8], _ secretKey: [UInt8]) -> [UInt8]? {
        var publicKey = [UInt8](repeating: 0, count: 32)
        var key = [UInt8](repeating: 0, count: Int(crypto_secretstream_xchacha20poly1305_KEYBYTES))
        crypto_scalarmult_base(&publicKey, secretKey)
        let failed = crypto_box_seal_open(&key, sealed, UInt64(sealed.count), publicKey, secretKey)
        return failed == 0 ? key : nil
    }

    /// Where in the file is what the page holds that begins there; nil: no whole page does.
    private static func place(_ file: RecordingFile, at start: Int) -> Range<Int>? {
        guard let head = file.read(start, OggPages.longestHead),
            let content = OggPages.content(head, at: 0), start + content.upperBound <= file.size
        else { return nil }
        return start + content.lowerBound..<start + content.upperBound
    }

    private func restart(_ first: [UInt8]) {
        guard let key else { return }
        head = Array(first.suffix(RecordingBox.streamHeadBytes))
        crypto_secretstream_xchacha20poly1305_init_pull(&stream, head, key)
        (next, opened) = (firstPageBytes, (0, []))
    }

    /// At most so many of the clear recording; fewer at its end, or where a page is not as it was encrypted.
    package func read(_ offset: Int, _ count: Int) -> [UInt8] {
        guard key != nil else { return file.read(offset, count) ?? [] }
        if offset < opened.start { restart(head) }
        var found: [UInt8] = []
        while found.count < count {
            let from = offset + found.count - opened.start
            if from < opened.bytes.count {
                found += opened.bytes[from...].prefix(count - found.count)
            } else if !open() {
                break
            }
        }
        return found
    }

    /// The next page; false at the end.
    private func open() -> Bool {
        guard let place = Self.place(file, at: next), place.count >= RecordingBox.addedBytes,
            let content = file.read(place.lowerBound, place.count)
        else { return false }
        var clear = [UInt8](repeating: 0, count: content.count - RecordingBox.addedBytes)
        let failed = crypto_secretstream_xchacha20poly1305_pull(
            &stream, &clear, nil, nil, content, UInt64(content.count), nil, 0)
        guard failed == 0 else { return false }
        opened = (opened.start + opened.bytes.count, clear)
        next = place.upperBound
        return true
    }
}
