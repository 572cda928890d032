// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import HubServer

struct TimeCodeTests {
    private let secret = Array("12345678901234567890".utf8)

    /// The last six digits of the table in RFC 6238, appendix B.
    @Test(arguments: [
        (59, "287082"), (1_111_111_109, "081804"), (1_111_111_111, "050471"), (1_234_567_890, "005924"),
        (2_000_000_000, "279037"), (20_000_000_000, "353130"),
    ])
    func code_isTheStandards_atItsTimes(seconds: Int64, code: String) {
        #expect(TimeCode.step(of: code, secret: secret, nowMs: seconds * 1_000) == seconds / 30)
    }

    @Test func code_isTaken_aStepEarlyOrLate_andNotTwo() {
        let code = TimeCode.code(secret: secret, step: 100)
        #expect(
            [98, 99, 100, 101, 102].map { TimeCode.step(of: code, secret: secret, nowMs: $0 * 30_000) } == [
                nil, 100, 100, 100, nil,
            ])
        #expect(TimeCode.step(of: "", secret: secret, nowMs: 0) == nil)
    }
}
