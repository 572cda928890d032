// SPDX-License-Identifier: Apache-2.0
import CSndFile
import CSpeexDSP
import CVoiceDSP
package import Facility
import Glibc

/// A file of sound that somebody brings: WAV, FLAC, Ogg Opus or Vorbis (libsndfile), heard as one channel at
/// 48 kHz, piece by piece. One thread, which may wait.
///
/// Always true: what a head claims is not believed; a file with too many channels, too high a rate, too long
/// or not whole is refused before or while it is read, in constant memory.
package final class SoundSource {
    let name: String
    private let descriptor: Int32
    private let kind: SoundHead

    /// Any file that a person names; no link, no pipe.
    package init(path: String) throws(Fault) {
        guard !path.utf8.contains(0) else {
            throw Self.fault(Self.shown(path), "a file has no such name")
        }
        let flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW
        let descriptor = open(path, flags)
        guard descriptor >= 0 else {
            let cause = errno == ELOOP ? "it is a link" : String(cString: strerror(errno))
            throw Self.fault(Self.shown(path), cause)
        }
        do throws(Fault) { kind = try Self.kind(descriptor, Self.shown(path)) } catch {
            close(descriptor)
            throw error
        }
        (self.descriptor, name) = (descriptor, Self.shown(path))
    }

    /// A file that came over the network; it is on no disk.
    package init(bytes: [UInt8], name: String) throws(Fault) {
        let descriptor = wp_memory_file("sound", bytes, bytes.count)
        guard descriptor >= 0 else { throw Self.fault(name, String(cString: strerror(-descriptor))) }
        do throws(Fault) { kind = try Self.kind(descriptor, name) } catch {
            close(descriptor)
            throw error
        }
        (self.descriptor, self.name) = (descriptor, name)
    }

    deinit { close(descriptor) }

    private static func kind(_ descriptor: Int32, _ name: String) throws(Fault) -> SoundHead {
        var about = stat()
        guard fstat(descriptor, &about) == 0, about.st_mode & S_IFMT == S_IFREG else {
            throw fault(name, "it is no file")
        }
        do throws(SoundHead.Wrong) {
            return try SoundHead.read(descriptor, byteCount: Int64(about.st_size))
        } catch {
            throw fault(name, error.cause)
        }
    }

    /// All of it, from the beginning: `take` is given runs of samples. Answers how many there were.
    @discardableResult
    func hear(_ take: ([Float]) -> Void) throws(Fault) -> Int {
        guard lseek(descriptor, 0, SEEK_SET) == 0 else { throw Self.fault(name, "it cannot be read again") }
        var about = SF_INFO()
        guard let file = sf_open_fd(descriptor, Int32(SFM_READ), &about, 0) else {
            throw Self.fault(name, String(cString: sf_strerror(nil)))
        }
        defer { sf_close(file) }
        try check(about)
        let (channels, rateHz) = (Int(about.channels), Int(about.samplerate))
        let pace = SoundPace(from: rateHz)
        var buffer = [Float](repeating: 0, count: 4_096 * channels)
        var (heard, made) = (0, 0)
        // As many samples as the file is long, at our rate.
        let wanted = (Int(about.frames) * Limits.clipRateHz + rateHz - 1) / rateHz
        func pass(_ samples: [Float]) {
            let run = samples.count > wanted - made ? Array(samples.prefix(wanted - made)) : samples
            made += run.count
            if !run.isEmpty { take(run) }
        }
        while heard <= Int(about.frames) {
            let got = Int(sf_readf_float(file, &buffer, 4_096))
            guard got > 0 else { break }
            heard += got
            pass(pace.run((0..<got).map { frame in Self.mixed(buffer, frame, channels) }))
        }
        guard heard == Int(about.frames) else { throw Self.fault(name, "it is not as long as its head says") }
        pass(pace.rest())
        return made
    }

    private static func mixed(_ buffer: [Float], _ frame: Int, _ channels: Int) -> Float {
        var sum: Float = 0
        for channel in 0..<channels { sum += buffer[frame * channels + channel] }
        // A file of decimals may hold what is no number.
        return sum.isFinite ? max(-16, min(sum / Float(channels), 16)) : 0
    }

    private func check(_ about: SF_INFO) throws(Fault) {
        let (type, sub) = (Int(about.format) & SF_FORMAT_TYPEMASK, Int(about.format) & SF_FORMAT_SUBMASK)
        let plain = [
            SF_FORMAT_PCM_U8, SF_FORMAT_PCM_16, SF_FORMAT_PCM_24, SF_FORMAT_PCM_32, SF_FORMAT_FLOAT,
            SF_FORMAT_DOUBLE, SF_FORMAT_ULAW, SF_FORMAT_ALAW,
        ]
        let fits =
            switch kind {
            case .wav: [SF_FORMAT_WAV, SF_FORMAT_WAVEX].contains(type) && plain.contains(sub)
            case .flac: type == SF_FORMAT_FLAC
            case .ogg: type == SF_FORMAT_OGG && [SF_FORMAT_VORBIS, SF_FORMAT_OPUS].contains(sub)
            }
        guard fits else { throw Self.fault(name, "it is coded in a way that is not taken") }
        let (channels, rateHz) = (Int(about.channels), Int(about.samplerate))
        guard 1...Limits.clipChannelsMaxCount ~= channels, 4_000...Limits.clipRateMaxHz ~= rateHz else {
            throw Self.fault(name, "\(channels) channels at \(rateHz) Hz")
        }
        guard about.frames > 0 else { throw Self.fault(name, "there is no sound in it") }
        guard about.frames <= Int64(rateHz * (Limits.clipMaxMs / 1_000)) else {
            throw Self.fault(name, "it is longer than \(Limits.clipMaxMs / 1_000) s")
        }
    }

    static func fault(_ name: String, _ cause: String) -> Fault {
        Fault(
            "read sound", at: name, cause: cause,
            hint: "Bring a WAV, FLAC or Ogg file: one or two channels, at most 48 kHz and "
                + "\(Limits.clipMaxMs / 1_000) s, whole.")
    }

    /// A stranger's name, so that it can be printed.
    static func shown(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.prefix(120).map { scalar in
                    let isPlain =
                        scalar.isASCII
                        ? scalar.value >= 0x20 && scalar.value != 0x7f : scalar.properties.isAlphabetic
                    return isPlain ? scalar : "\u{fffd}"
                }))
    }
}

/// Samples of any rate to 48 kHz (speexdsp), all of them: what the filter holds back comes by `rest`. One
/// thread.
private final class SoundPace {
    // SAFETY: made and freed here, used by the one thread that has this.
    private let state: OpaquePointer?
    private let fromHz: Int

    init(from rateHz: Int) {
        fromHz = rateHz
        var failure: Int32 = 0
        state =
            rateHz == Limits.clipRateHz
            ? nil : speex_resampler_init(1, UInt32(rateHz), UInt32(Limits.clipRateHz), 8, &failure)
        if let state { speex_resampler_skip_zeros(state) }
    }

    deinit { if let state { speex_resampler_destroy(state) } }

    func run(_ samples: [Float]) -> [Float] {
        guard let state else { return samples }
        var made = [Float](repeating: 0, count: samples.count * Limits.clipRateHz / fromHz + 64)
        var (taken, count) = (UInt32(samples.count), UInt32(made.count))
        speex_resampler_process_float(state, 0, samples, &taken, &made, &count)
        return Array(made.prefix(Int(count)))
    }

    func rest() -> [Float] {
        guard let state else { return [] }
        return run([Float](repeating: 0, count: Int(speex_resampler_get_input_latency(state)) + 1))
    }
}
