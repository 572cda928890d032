// SPDX-License-Identifier: Apache-2.0
import Facility
import Testing

@testable import Journal

@Test func digest_differs_whenAnyValueDiffers() throws {
    let sound = try makeSiteConfig()
    var others = [TerminalConfig](repeating: sound, count: 13)
    others[0].version += 1
    others[1].site.name += "x"
    others[2].site.terminals[0].port += 1
    others[3].site.terminals[0].publicKey[31] ^= 1
    others[4].site.rings[try identifier("empty")] = [[]]
    others[5].site.ladderMs.removeLast()
    others[6].site.officers[0].name = ""
    others[7].board.duties[0].partner = nil
    others[8].board.duties[0].line.activeLow.toggle()
    others[9].operators = ["panelduty"]
    others[10].board.duties.swapAt(0, 1)
    // The same letters on the other side of a border.
    (others[11].keyPath, others[11].journalPath) = ("/k/", "j")
    others[12].site.zoneTitles = [:]
    let digests = Set(([sound] + others).map(CompiledSiteTables.digest))
    #expect(digests.count == others.count + 1)
    #expect(CompiledSiteTables.digest(of: sound) == CompiledSiteTables.digest(of: try makeSiteConfig()))
}
