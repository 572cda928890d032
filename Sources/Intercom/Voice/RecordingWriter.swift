// SPDX-License-Identifier: Apache-2.0
import Audio
import CLinux
import COpus
import CSodium
import Facility
import Glibc
import Recordings

/// The recorder's thread's: frames to packets, packets to pages, pages to the disk.
///
/// Kind to SD cards: one append and one flush a second, into room that was set aside a mebibyte at a time;
/// the seal is flushed with its signatures, every ten. What a cut takes of it follows from the pages.
final class RecordingWriter {
    let name: RecordingName
    private let folder: RecordingFolder
    private let recording: Int32
    private let seal: Int32
    private let rateHz: Int
    private var chain: RecordingSeal
    private var pages: OggPages
    /// nil: kept as it is.
    private let box: RecordingBox?
    private let mustBox: Bool
    // SAFETY: made, used and freed by the recorder's thread.
    private let encoder: OpaquePointer?
    private let preSkip: UInt16
    private let stereo: SampleBlock
    private var whole = crypto_hash_sha256_state()
    private var packet = [UInt8](repeating: 0, count: 2_000)
    private var frames = 0
    /// Of them on the disk.
    private var writtenFrames = 0
    private(set) var fault: Fault?

    init(_ call: CallID, _ folder: RecordingFolder, rateHz: Int, secretKey: [UInt8], hubKey: [UInt8])
        throws(Fault)
    {
        try Self.needRoom(folder)
        guard let name = folder.fresh(call) else {
            throw Fault(
                "record a call", at: folder.path, cause: "too many parts of one call", hint: "Report this.")
        }
        let recording = Self.make(folder.part(name))
        guard recording >= 0 else { throw Self.failed(folder.part(name)) }
        let seal = Self.make(folder.seal(name))
        guard seal >= 0 else {
            let fault = Self.failed(folder.seal(name))
            close(recording)
            unlink(folder.part(name))
            throw fault
        }
        (self.name, self.folder, self.recording, self.seal, self.rateHz) =
            (name, folder, recording, seal, rateHz)
        chain = RecordingSeal(name: name.text, secretKey: secretKey)
        var failure: Int32 = 0
        encoder = opus_encoder_create(Int32(rateHz), 2, OPUS_APPLICATION_AUDIO, &failure)
        preSkip = encoder.map { UInt16(Int(wp_opus_encoder_lookahead($0)) * 48_000 / rateHz) } ?? 0
        if let encoder {
            wp_opus_encoder_set(encoder, OPUS_SET_BITRATE_REQUEST, Int32(Limits.recordingBitsPerSecondCount))
            wp_opus_encoder_set(encoder, OPUS_SET_COMPLEXITY_REQUEST, 3)
        }
        mustBox = !hubKey.isEmpty
        let serial = UInt32.random(in: 1...UInt32.max)
        pages = OggPages(serial: serial, preSkip: preSkip)
        box = hubKey.isEmpty ? nil : RecordingBox(to: hubKey, serial: serial, preSkip: preSkip)
        stereo = SampleBlock(2 * rateHz / 50)
        crypto_hash_sha256_init(&whole)
    }

    deinit {
        if let encoder { opus_encoder_destroy(encoder) }
        close(recording)
        close(seal)
    }

    private static func make(_ path: String) -> Int32 {
        open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_APPEND, 0o640)
    }

    private static func failed(_ path: String) -> Fault {
        Fault(
            "record a call", at: path, cause: String(cString: strerror(errno)),
            hint: "See that the folder of recordings is there, may be written and has room.")
    }

    /// Alarms and scores need what is left.
    private static func needRoom(_ folder: RecordingFolder) throws(Fault) {
        let free = wp_free_bytes(folder.path)
        guard free < Limits.recordingsReserveBytes, free >= 0 else { return }
        throw Fault(
            "record a call", at: folder.path, cause: "the disk is full: what is left is kept for alarms",
            hint:
                "Make room on the disk, or see why recordings do not reach the hub; the call itself goes on.")
    }

    func begin() {
        put(Array(chain.heading.utf8), to: seal)
        fsync(seal)
        _ = wp_sync_directory_of(folder.part(name))
        // Said, and not recorded: in clear it must not be.
        if mustBox, box == nil {
            fault = Fault(
                "record a call", at: name.text, cause: "the hub's key of recordings is none",
                hint: "Compare 'recordings: key:' of the site file with 'watchpost-hub --recording-key'.")
        }
        let head = pages.head(channels: 2, rateHz: UInt32(rateHz), preSkip: preSkip, title: name.text)
        chunk(head, isFirst: true)
    }

    func add(_ left: SampleBlock, _ right: SampleBlock, count: Int) {
        guard let encoder, fault == nil else { return }
        for index in 0..<count {
            stereo[2 * index] = left[index]
            stereo[2 * index + 1] = right[index]
        }
        let made = Int(opus_encode(encoder, stereo.base, Int32(count), &packet, Int32(packet.count)))
        guard made > 0 else { return }
        pages.add(packet, count: made, samples: 48_000 * count / rateHz)
        frames += 1
        if frames % 50 == 0 { chunk(pages.page()) }
    }

    /// Nil where it could not be sealed.
    func end() -> SealedRecording? {
        let isWhole = fault == nil
        if isWhole { chunk(pages.page(isLast: true), isLast: true) }
        let isCut = fault != nil
        guard writtenFrames > 0 else {
            folder.remove(name)
            return nil
        }
        // A page that was torn by a full disk is no page; room that was set aside is given back.
        guard ftruncate(recording, off_t(chain.byteCount)) == 0 else { return nil }
        fdatasync(recording)
        // Room for one line there is: the reserve is much more.
        let line = Array(chain.signed(isCut ? .cut : .end).utf8)
        guard write(seal, line, line.count) == line.count, fsync(seal) == 0 else { return nil }
        var hash = [UInt8](repeating: 0, count: 32)
        crypto_hash_sha256_final(&whole, &hash)
        return SealedRecording(
            name: name, byteCount: chain.byteCount, sha256: SealText.of(hash), chain: SealText.of(chain.hash),
            key: chain.key, lengthMs: writtenFrames * 20, isCut: isCut)
    }

    private func chunk(_ clear: [UInt8], isFirst: Bool = false, isLast: Bool = false) {
        guard !clear.isEmpty, fault == nil else { return }
        let bytes = box?.sealed(clear, isFirst: isFirst, isLast: isLast) ?? clear
        guard chain.byteCount + bytes.count <= Limits.recordingMaxBytes else {
            fault = Fault(
                "record a call", at: name.text, cause: "the recording is as long as one may be",
                hint: "End the call and call again.")
            return
        }
        setAside(bytes.count)
        guard put(bytes, to: recording) else { return }
        fdatasync(recording)
        writtenFrames = frames
        crypto_hash_sha256_update(&whole, bytes, UInt64(bytes.count))
        var line = chain.chunk(bytes)
        let isSigned = chain.chunkCount % Limits.recordingSealCount == 0
        if isSigned { line += chain.signed(.sealed) }
        put(Array(line.utf8), to: seal)
        guard isSigned else { return }
        fdatasync(seal)
        do throws(Fault) { try Self.needRoom(folder) } catch { fault = error }
    }

    /// Blocks for the next mebibyte at once, so that each second is one write of data and none of the map.
    private func setAside(_ count: Int) {
        let step = Limits.recordingStepBytes
        guard chain.byteCount == 0 || chain.byteCount / step != (chain.byteCount + count) / step else {
            return
        }
        _ = wp_set_aside(recording, Int64((chain.byteCount + count) / step * step), Int64(step))
    }

    @discardableResult
    private func put(_ bytes: [UInt8], to file: Int32) -> Bool {
        var at = 0
        while at < bytes.count, fault == nil {
            let written = bytes.withUnsafeBytes { all in
                all.baseAddress.map { write(file, $0 + at, bytes.count - at) } ?? -1
            }
            if written < 0, errno == EINTR { continue }
            guard written > 0 else {
                fault = Fault(
                    "record a call", at: name.text, cause: String(cString: strerror(errno)),
                    hint: "Make room on the disk; the call itself goes on.")
                return false
            }
            at += written
        }
        return fault == nil
    }
}
