// SPDX-License-Identifier: Apache-2.0
import Facility
import Journal
import Testing

@Test func hashChain_isTheDocumentedLayout_forAKnownEntry() {
    let trial = JournalTrial()
    // Both were computed by a verifier of its own, written from the layout in the doc comment.
    let genesis = HashChain.genesis(terminal: JournalTrial.terminal, stream: .alarm, generation: 0)
    #expect(HashChain.hex(genesis) == knownGenesis)
    let event = trial.event(3, run: 0xf0f1_f2f3_f4f5_f6f7, subject: "a1", standing: true, payload: [9, 8, 7])
    #expect(HashChain.hex(HashChain.hash(of: event, sequence: 42, after: genesis)) == knownHash)
}

@Test func hashChain_differs_whenTerminalStreamOrGenerationDiffer() throws {
    let other = try #require(TerminalID("cell-102"))
    let hashes = [
        HashChain.genesis(terminal: JournalTrial.terminal, stream: .alarm, generation: 0),
        HashChain.genesis(terminal: other, stream: .alarm, generation: 0),
        HashChain.genesis(terminal: JournalTrial.terminal, stream: .call, generation: 0),
        HashChain.genesis(terminal: JournalTrial.terminal, stream: .alarm, generation: 1),
    ]
    #expect(Set(hashes).count == hashes.count)
}

private let knownGenesis = "5c874d7a520aa6a26d123f10c68bdf717e3d4c37dd6f652e8b461b688664308e"
private let knownHash = "51b468f9584d31cd745aa462c90bdc19b30bcafc3b94f4a5a1b30fbfe60f48ca"
