// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import SiteCheck

@Test func milliseconds_followTheUnit_whenThereIsOne() {
    #expect(Scalars.milliseconds("500ms") == 500 && Scalars.milliseconds("30s") == 30_000)
    #expect(Scalars.milliseconds("2m") == 120_000)
    for text in ["", "30", "s", "-1s", "1.5s", "1h", "9999999999s", "٣s", "30 s"] {
        #expect(Scalars.milliseconds(text) == nil, "\(text)")
    }
}

@Test func endpoint_isRead_whenOneMachineCanHaveIt() throws {
    let endpoint = try #require(Scalars.endpoint("10.20.1.101:7400"))
    #expect(endpoint.address == 0x0a14_0165 && endpoint.port == 7_400)
    for text in [
        "", "1.2.3:4", "1.2.3.4", "1.2.3.4:", "1.2.3.4:0", "1.2.3.4:65536", "1.2.3.04:5", "0.1.2.3:4",
        "224.0.0.1:5",
        "255.255.255.255:1", "1.2.3.4.5:6", "a.b.c.d:1", "::1:80", "1.2.3.+4:5", "1.2.3.4:5 ",
    ] {
        #expect(Scalars.endpoint(text) == nil, "\(text)")
    }
}

@Test func publicKey_isRead_whenItHas64Digits() {
    #expect(Scalars.publicKey(String(repeating: "Ff", count: 32)) == [UInt8](repeating: 255, count: 32))
    for text in [
        "", String(repeating: "0", count: 64), String(repeating: "a", count: 63),
        String(repeating: "g", count: 64),
    ] {
        #expect(Scalars.publicKey(text) == nil)
    }
}

@Test func user_isOne_whenTheSystemAllowsIt() {
    #expect(Scalars.isUser("panel") && Scalars.isUser("_w-1"))
    for text in ["", "Root", "1a", "a b", "-a", String(repeating: "a", count: 33)] {
        #expect(!Scalars.isUser(text))
    }
}
