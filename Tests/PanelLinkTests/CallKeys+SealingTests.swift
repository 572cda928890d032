// SPDX-License-Identifier: Apache-2.0
import Facility
import TestBoard
import Testing

@testable import PanelLink

struct CallKeysSealingTests {
    private let message = PageMessageTests.messages[0].encode()

    private func pair() throws -> (post: CallKeys, cell: CallKeys) {
        let (post, cell) = (LinkKeys.generate(), LinkKeys.generate())
        return (
            try #require(CallKeys(post, peer: cell.publicKey)),
            try #require(CallKeys(cell, peer: post.publicKey))
        )
    }

    @Test func datagram_isOpened_byItsReceiverAlone() throws {
        let (post, cell) = try pair()
        let sealed = post.sealed(message, from: .postA, to: .cell)
        #expect(CallKeys.sender(of: sealed) == .postA)
        #expect(cell.opened(sealed, from: .postA, to: .cell) == message)
        // Sent back, to another, of another, and by strangers.
        #expect(post.opened(sealed, from: .cell, to: .postA) == nil)
        #expect(cell.opened(sealed, from: .postA, to: .postB) == nil)
        #expect(cell.opened(sealed, from: .postB, to: .cell) == nil)
        #expect(try pair().cell.opened(sealed, from: .postA, to: .cell) == nil)
    }

    @Test func datagram_isRefused_whenAnyByteIsAltered() throws {
        let (post, cell) = try pair()
        let sealed = post.sealed(message, from: .postA, to: .cell)
        for place in sealed.indices {
            var altered = sealed
            altered[place] ^= 1
            guard let from = CallKeys.sender(of: altered), from == .postA else { continue }
            #expect(cell.opened(altered, from: from, to: .cell) == nil, "byte \(place)")
        }
        for count in sealed.indices {
            #expect(cell.opened(Array(sealed[..<count]), from: .postA, to: .cell) == nil)
        }
        #expect(CallKeys.sender(of: [UInt8](repeating: 0x57, count: 2_000)) == nil)
    }
}
