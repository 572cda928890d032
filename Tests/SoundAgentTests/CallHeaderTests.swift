// SPDX-License-Identifier: Apache-2.0
import Facility
import PanelLink
import TestBoard
import Testing

@testable import SoundAgent

struct CallHeaderTests {
    private let offer = CallOffer(
        id: EventID(terminal: .postA, stream: .call, run: 1, sequence: 2), urgency: .opening, mode: .listen,
        alarm: makeID(),
        grounds: CallGrounds(officer: .named("P1"), second: .named("P2"), reason: "巡查; a=b %\r\nX: y"),
        answersItself: true)

    @Test func header_readsBack_inOneLine() throws {
        let header = CallHeader(offer, from: .postA, to: .cell, nonce: "7")
        #expect(!header.text.contains { $0.isNewline || $0 == " " || !$0.isASCII })
        let read = try #require(CallHeader(reading: header.text))
        #expect(read == header && read.offer == offer)
    }

    @Test func seal_coversEveryWordAndTheDescription_andItsKind() throws {
        let (a, b) = (LinkKeys.generate(), LinkKeys.generate())
        let mine = try #require(CallKeys(a, peer: b.publicKey))
        let theirs = try #require(CallKeys(b, peer: a.publicKey))
        let sealed = CallHeader(offer, from: .postA, to: .cell, nonce: "7").sealed("offer", mine, "v=0")
        #expect(sealed.isSealed("offer", theirs, "v=0"))
        #expect(!sealed.isSealed("answer", theirs, "v=0") && !sealed.isSealed("offer", theirs, "v=1"))
        for word in CallHeader.Word.allCases where word != .seal {
            var altered = sealed
            altered.words[word] = "x"
            #expect(!altered.isSealed("offer", theirs, "v=0"))
        }
    }

    @Test(arguments: ["", "x=1", "from", "from=%4", "from=%zz", "from=a;from=b", "call=%ff"])
    func header_isNone_whenItIsMalformed(text: String) { #expect(CallHeader(reading: text) == nil) }
}
