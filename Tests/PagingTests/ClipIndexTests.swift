// SPDX-License-Identifier: Apache-2.0
import Facility
import Paging
import Testing

struct ClipIndexTests {
    static let hash = String(repeating: "0f", count: 32)
    static let good = "news \(hash) 12040\nroll-call \(hash) 900\n"

    static func read(_ text: String) -> ClipIndex? { try? ClipIndex(Array(text.utf8), at: "test") }

    @Test func units_areFound_byName() {
        let index = Self.read(Self.good)
        #expect(index?.clips["news"]?.sha256 == Self.hash && index?.clips["news"]?.lengthMs == 12_040)
        #expect(index?.clips.count == 2 && Self.read("")?.clips.isEmpty == true)
    }

    @Test(arguments: [
        "news 0f 1\n", "news \(hash)\n", "news \(hash) 1 2\n", "../x \(hash) 1\n", "news \(hash) -1\n",
        "news \(hash.uppercased()) 1\n", "b \(hash) 1\na \(hash) 1\n", "a \(hash) 1\na \(hash) 1\n",
        " \(hash) 1\n", "a\0 \(hash) 1\n",
    ])
    func index_isRefused_whenALineOfItIsNone(text: String) { #expect(Self.read(text) == nil) }

    @Test func bytes_neverTrap_whateverTheyAre() {
        var dice = Dice(11)
        for _ in 0..<5_000 {
            var bytes = Array(Self.good.utf8)
            for _ in 0..<Int.random(in: 1...6, using: &dice) {
                let place = Int.random(in: 0..<bytes.count, using: &dice)
                switch Int.random(in: 0..<3, using: &dice) {
                case 0: bytes[place] = UInt8.random(in: 0...255, using: &dice)
                case 1: bytes.remove(at: place)
                case _: bytes.insert(UInt8.random(in: 0...255, using: &dice), at: place)
                }
            }
            guard let index = try? ClipIndex(bytes, at: "test") else { continue }
            #expect(index.clips.values.allSatisfy { $0.sha256.utf8.count == 64 })
        }
        #expect(throws: Fault.self) {
            try ClipIndex([UInt8](repeating: 10, count: Limits.clipIndexMaxBytes + 1), at: "test")
        }
    }
}
