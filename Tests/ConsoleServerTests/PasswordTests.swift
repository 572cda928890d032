// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import ConsoleServer

struct PasswordTests {
    @Test func password_isKnownAgain_andNoOtherIs() async throws {
        let hash = try await Password.hash("correct horse 电池")
        #expect(hash.hasPrefix("$argon2id$"))
        #expect(await Password.isRight("correct horse 电池", hash: hash))
        #expect(await !Password.isRight("correct horse", hash: hash))
        #expect(await !Password.isRight("", hash: nil))
    }
}
