// SPDX-License-Identifier: Apache-2.0
import Sync
import Testing

@testable import ConsoleServer

struct SecretsTests {
    @Test func code_isReadBack_howeverItIsTyped() {
        let code = Secrets.code()
        #expect(code.filter { $0 != "-" }.count == 26)
        for typed in [
            code, code.lowercased(), code.replacing("-", with: " "), code.replacing("0", with: "o"),
        ] {
            #expect(JoinProof.canonical(typed) == code)
            #expect(JoinProof.key(of: typed) == Secrets.hash(code))
        }
        #expect(Secrets.code() != code)
    }
}
