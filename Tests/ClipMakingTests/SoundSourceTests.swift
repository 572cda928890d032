// SPDX-License-Identifier: Apache-2.0
import CLinux
import Facility
import Foundation
import Testing

@testable import ClipMaking

/// FAULTS 16 and 17: files that lie, names that lead elsewhere.
struct SoundSourceTests {
    /// What it says when it is opened and heard; nil: it was taken.
    private func refusal(_ path: String) -> Fault? {
        do throws(Fault) {
            try SoundSource(path: path).hear { _ in }
            return nil
        } catch { return error }
    }

    static let opus: [UInt8] = {
        let sound = SoundFiles.wav(SoundFiles.sine(4))
        return (try? ClipMaker.make(try SoundSource(bytes: sound, name: "opus")).bytes) ?? []
    }()

    /// What each is called, and its bytes.
    static func lies() -> [(String, [UInt8])] {
        let sine = SoundFiles.sine(1)
        let long = SoundFiles.wav([Int16](repeating: 9, count: 8_000 * 121), rateHz: 8_000)
        return [
            ("nothing", []), ("one byte", [0]), ("only OggS", Array("OggS".utf8)),
            ("rubbish", [UInt8](repeating: 0xff, count: 4_000)), ("text", Array("#!/bin/sh\n".utf8)),
            ("4 GB", SoundFiles.wav(sine, claims: 0xffff_ff00)), ("no sound", SoundFiles.wav([])),
            ("cut WAV", Array(SoundFiles.wav(sine).dropLast(100))),
            ("192 kHz × 32", SoundFiles.wav(sine, rateHz: 192_000, channels: 32)),
            ("192 kHz", SoundFiles.wav(sine, rateHz: 192_000)), ("0 Hz", SoundFiles.wav(sine, rateHz: 0)),
            ("no channel", SoundFiles.wav(sine, channels: 0)), ("too long", long),
            ("cut Opus", Array(Self.opus.dropLast(500))), ("half Opus", Array(Self.opus.prefix(6_000))),
            ("Opus with a tail", Self.opus + [0]), ("fLaC", Array("fLaC".utf8)),
            ("FLAC of zeros", Array("fLaC".utf8) + [UInt8](repeating: 0, count: 400)),
        ]
    }

    @Test func file_isRefused_whenItLies() throws {
        let files = try SoundFiles()
        for (name, bytes) in Self.lies() {
            let fault = refusal(try files.put(bytes))
            #expect(fault != nil, "\(name) was taken")
        }
        #expect(refusal(try files.put(Self.opus)) == nil)
        #expect(refusal(try files.put(SoundFiles.wav(SoundFiles.sine(1)))) == nil)
    }

    /// 200 names and more, made of what has led programs astray.
    static var names: [String] {
        let parts = [
            "../", "..%2f", "%2e%2e/", "....//", "./", "a\u{0}b", "\u{202e}gpj.wav", "con", "nul.wav",
            "~root/",
            "$(reboot)", "`id`", "-rf", "|sh", "\n", "\r\n", "\u{feff}", "\u{200b}", "//", "\\..\\",
            "C:\\x", "file:///etc/passwd", "%00", "\u{1b}[2J", String(repeating: "a", count: 300),
            String(repeating: "../", count: 100),
        ]
        let ends = ["", "etc/passwd", "wav", "x.ogg", "\u{0}.wav", "/", " ", "\u{202e}"]
        return parts.flatMap { part in ends.map { part + $0 } }
    }

    /// In a process of its own that may not grow by more than 8 MB.
    @Test func refusal_isQuickAndSmall_whateverComes() async {
        await #expect(processExitsWith: .success) {
            let files = try SoundFiles()
            let good = try files.put(SoundFiles.wav(SoundFiles.sine(1)), as: "good")
            var paths = try SoundSourceTests.lies().enumerated().map { number, lie in
                try files.put(lie.1, as: "lie\(number)")
            }
            paths += SoundSourceTests.names.map { "\(files.folder)/\($0)" }
            #expect(paths.count > 200)
            // What is needed once is there before the process is said to rest.
            try SoundSource(path: good).hear { _ in }
            guard SoundFiles.mayGrow(byMegabytes: 8) else { exit(2) }
            for path in paths {
                let begun = wp_uptime_ns()
                let isTaken = (try? SoundSource(path: path).hear { _ in }) != nil
                // 100 ms is the goal; a busy machine is given ten times that.
                guard !isTaken, wp_uptime_ns() - begun < 1_000_000_000 else { exit(3) }
            }
            exit(0)
        }
    }

    @Test func name_isRefused_whenItLeadsElsewhere() throws {
        let files = try SoundFiles()
        let real = try files.put(SoundFiles.wav(SoundFiles.sine(1)))
        let link = files.folder + "/link"
        symlink(real, link)
        var names = [
            link, files.folder, "/dev/zero", "/dev/null", "/proc/self/mem", "", "\u{0}", real + "\u{0}",
        ]
        mkfifo(files.folder + "/pipe", 0o600)
        names.append(files.folder + "/pipe")
        for name in names { #expect(refusal(name) != nil, "\(name)") }
        let fault = try #require(refusal("/no/\u{202e}wav\n\u{1b}[31m"))
        #expect(!fault.place.contains("\u{202e}") && !fault.place.contains("\u{1b}"))
        #expect(refusal(real) == nil)
    }

    /// One bit after the other, and cuts everywhere: taken or refused, never a trap.
    @Test func bytes_neverTrap_whateverTheyAre() throws {
        var dice = SystemRandomNumberGenerator()
        let sources = [Self.opus, SoundFiles.wav(SoundFiles.sine(0.2))]
        for number in 0..<300 {
            var bytes = sources[number % sources.count]
            for _ in 0..<Int.random(in: 1...4, using: &dice) {
                // Mostly the heads: that is where the lies are.
                let reach = Bool.random(using: &dice) ? min(200, bytes.count) : bytes.count
                bytes[Int.random(in: 0..<reach, using: &dice)] = .random(in: 0...255, using: &dice)
            }
            if number % 5 == 0 { bytes.removeLast(Int.random(in: 0..<bytes.count, using: &dice)) }
            var areNumbers = true
            _ = try? SoundSource(bytes: bytes, name: "fuzz").hear { run in
                areNumbers = areNumbers && run.allSatisfy { $0.isFinite }
            }
            #expect(areNumbers)
        }
    }
}
