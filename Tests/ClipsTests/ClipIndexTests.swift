// SPDX-License-Identifier: Apache-2.0
import Clips
import Facility
import TestBoard
import Testing

private let digest = String(repeating: "a", count: 64)

private func read(_ text: String) throws -> ClipIndex { try ClipIndex(Array(text.utf8), at: "index") }

struct ClipIndexTests {
    @Test func index_isOneText_andIsReadAsItWasWritten() throws {
        var index = ClipIndex()
        #expect(try index.text.isEmpty && read("") == index)
        for name in ["wake-up", "news", "roll.call", "A1"] {
            let unit = ClipUnit(name: .named(name), sha256: digest, ms: 1_500)
            try index.put(unit)
        }
        #expect(index.text.hasPrefix("A1 \(digest) 1500\nnews "))
        #expect(try read(index.text) == index)
        #expect(index.contents == [digest])
        try index.put(ClipUnit(name: .named("news"), sha256: digest, ms: 7))
        #expect(index[.named("news")]?.ms == 7 && index.units.count == 4)
        #expect(index.remove(.named("news")) && !index.remove(.named("news")))
    }

    @Test func line_isRefused_withItsNumber() throws {
        let good = "a \(digest) 10\n"
        let wrong = [
            "b \(digest) 10", "b \(digest) 0\n", "b \(digest) 010\n", "b \(digest) -1\n", "b \(digest)\n",
            "b  \(digest) 1\n", "b \(digest) 1 \n", "b \(digest) 1\r\n", "a \(digest) 1\n", "\n",
            "b \(digest.uppercased()) 1\n", "b \(digest.dropLast()) 1\n", "../x \(digest) 1\n",
            ".. \(digest) 1\n", "-b \(digest) 1\n", "b\u{0} \(digest) 1\n", "b \(digest) 99999999\n",
            "b \(digest) 123456789012345678901234567890\n", "起床 \(digest) 1\n", "A \(digest) 1\n",
            String(repeating: "b", count: 17) + " \(digest) 1\n",
        ]
        for line in wrong {
            do {
                _ = try read(good + line)
                Issue.record("taken: \(line)")
            } catch let fault as Fault {
                #expect(fault.place == "index:2", "\(fault)")
            }
        }
        let many = String(repeating: "x", count: Limits.clipIndexMaxBytes + 1)
        #expect(throws: Fault.self) { try read(many) }
    }

    /// Bytes changed, cut or doubled: refused, or one text again.
    @Test func bytes_areRefusedOrRead_whateverTheyAre() throws {
        var index = ClipIndex()
        for number in 0..<20 {
            let sha256 = String(repeating: "0123456789abcdef", count: 4)
            try index.put(ClipUnit(name: .named("unit-\(number)"), sha256: sha256, ms: number + 1))
        }
        let good = Array(index.text.utf8)
        var dice = SeededGenerator(seed: .random(in: 1 ... .max))
        for _ in 0..<4_000 {
            var bytes = good
            for _ in 0...dice.below(3) {
                let at = dice.below(bytes.count)
                switch dice.below(4) {
                case 0: bytes[at] = UInt8(dice.below(256))
                case 1: bytes.remove(at: at)
                case 2: bytes.insert(bytes[dice.below(bytes.count)], at: at)
                case _: bytes.removeLast(dice.below(40))
                }
            }
            guard let read = try? ClipIndex(bytes, at: "index") else { continue }
            #expect(Array(read.text.utf8) == bytes)
        }
    }
}
