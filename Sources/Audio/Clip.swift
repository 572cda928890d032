// SPDX-License-Identifier: Apache-2.0
import CLinux
import CSndFile
import CVoiceDSP
package import Facility
import Glibc

/// A sound in a file: WAV, FLAC, Ogg (libsndfile), made into one channel at the card's rate. Read as a whole,
/// on a thread that may wait. Always true: what its head claims is not believed; a file that is too long, too
/// many channels, too quick, or none, is refused before much is read.
package enum Clip {
    /// The name of a clip in a folder: 64 hexadecimal digits, the SHA-256 of its content.
    package static func isName(_ name: String) -> Bool {
        name.utf8.count == 64 && name.utf8.allSatisfy { isDigit($0) }
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
            || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
    }

    /// Reads a clip of a folder by its name, and from nowhere else.
    package static func read(_ name: String, in folder: String, rateHz: Int) throws(Fault) -> [Int16] {
        guard isName(name) else {
            throw fault(
                String(String.UnicodeScalarView(name.unicodeScalars.prefix(80))), "a clip has no such name")
        }
        let descriptor = wp_open_beneath(folder, name)
        guard descriptor >= 0 else { throw fault(name, String(cString: strerror(-descriptor))) }
        return try read(descriptor: descriptor, name: name, rateHz: rateHz)
    }

    /// Reads any file: what a technician or a test names.
    package static func read(path: String, rateHz: Int) throws(Fault) -> [Int16] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw fault(path, String(cString: strerror(errno))) }
        return try read(descriptor: descriptor, name: path, rateHz: rateHz)
    }

    /// Reads what the program itself brings.
    package static func read(bytes: [UInt8], name: String, rateHz: Int) throws(Fault) -> [Int16] {
        let descriptor = wp_memory_file(name, bytes, bytes.count)
        guard descriptor >= 0 else { throw fault(name, String(cString: strerror(-descriptor))) }
        return try read(descriptor: descriptor, name: name, rateHz: rateHz)
    }

    private static func read(descriptor: Int32, name: String, rateHz: Int) throws(Fault) -> [Int16] {
        var about = SF_INFO()
        guard let file = sf_open_fd(descriptor, Int32(SFM_READ), &about, 1) else {
            close(descriptor)
            throw fault(name, String(cString: sf_strerror(nil)))
        }
        defer { sf_close(file) }
        let (channels, rate) = (Int(about.channels), Int(about.samplerate))
        guard 1...Limits.clipChannelsMaxCount ~= channels, 4_000...Limits.clipRateMaxHz ~= rate else {
            throw fault(name, "\(channels) channels at \(rate) Hz")
        }
        let most = rate * Limits.clipMaxMs / 1_000
        let step = 4_096
        var buffer = [Int16](repeating: 0, count: step * channels)
        var made: [Int16] = []
        while made.count <= most {
            let got = Int(sf_readf_short(file, &buffer, sf_count_t(step)))
            guard got > 0 else { break }
            for frame in 0..<min(got, step) {
                var sum = 0
                for channel in 0..<channels { sum += Int(buffer[frame * channels + channel]) }
                made.append(Int16(sum / channels))
            }
        }
        guard made.count <= most else { throw fault(name, "longer than \(Limits.clipMaxMs / 1_000) s") }
        guard !made.isEmpty else { throw fault(name, "there is no sound in it") }
        return changed(made, from: rate, to: rateHz)
    }

    private static func changed(_ samples: [Int16], from: Int, to: Int) -> [Int16] {
        guard from != to else { return samples }
        let change = RateChange(from: from, to: to)
        let (block, out) = (SampleBlock(from / 100), SampleBlock(to / 100 * 2 + 64))
        var made: [Int16] = []
        made.reserveCapacity(samples.count / from * to + to)
        var at = 0
        while at < samples.count {
            let count = min(block.capacity, samples.count - at)
            for index in 0..<count { block[index] = samples[at + index] }
            let got = change.run(block, count: count, into: out)
            for index in 0..<got { made.append(out[index]) }
            at += count
        }
        return made
    }

    private static func fault(_ name: String, _ cause: String) -> Fault {
        Fault(
            "read a clip", at: name, cause: cause,
            hint: "Make it again: WAV or Ogg, one channel, at most 48 kHz and \(Limits.clipMaxMs / 1_000) s.")
    }

    /// Writes a WAV file, one channel: what benches and tests look at.
    package static func write(_ samples: [Int16], rateHz: Int, path: String) throws(Fault) {
        var about = SF_INFO()
        about.samplerate = Int32(rateHz)
        about.channels = 1
        about.format = Int32(SF_FORMAT_WAV | SF_FORMAT_PCM_16)
        guard let file = sf_open(path, Int32(SFM_WRITE), &about) else {
            throw fault(path, String(cString: sf_strerror(nil)))
        }
        let written = sf_write_short(file, samples, sf_count_t(samples.count))
        sf_close(file)
        guard written == samples.count else { throw fault(path, "the disk is full") }
    }
}
