// SPDX-License-Identifier: Apache-2.0
import Facility
import Testing

@testable import SiteCheck

struct SoundReaderTests {
    private func site(_ sound: String, sip: String = "") -> Checked<SiteSheet> {
        checkSite(
            """
            site: Test
            zones:
              w:
                title: Ward
                rings: [[post]]
            \(sound)
            terminals:
              - id: cell
                role: cell
                zone: w
                title: Cell
                address: 10.0.0.1:7400
                public-key: generate
                board: c.yaml
              - id: post
                role: post
                zone: w
                title: Post
                address: 10.0.0.2:7400
            \(sip)
                public-key: generate
                board: p.yaml
            """, file: "site.yaml")
    }

    @Test func sound_isRead_withItsDefaults() throws {
        let sound = """
            sound:
              phones:
                - name: gate
                  user: "201"
                  address: 10.0.0.9:5060
                  step: 1
                  srtp: dtls
              recordings:
                key: \(String(repeating: "0a", count: 32))
            """
        let sheet = try #require(site(sound, sip: "    sip: 5070").value?.sound)
        #expect(sheet.ports[TerminalID("cell")!] == 5_060 && sheet.ports[TerminalID("post")!] == 5_070)
        #expect(sheet.phones.first?.transport == .udp && sheet.phones.first?.step == 1)
        #expect(sheet.phones.first?.secrecy == .dtls)
        #expect(sheet.recordingKey == [UInt8](repeating: 10, count: 32))
        #expect(sheet.plan(card: nil) == nil && sheet.plan(card: .null)?.card == .null)
    }

    @Test(arguments: [
        ("sound:\n  port: 99999", 7), ("sound:\n  secrecy: maybe", 7), ("sound:\n  tls: {port: 5061}", 7),
        ("sound:\n  phones:\n    - {name: a, user: \"a b\", address: 10.0.0.9:5060}", 8),
        ("sound:\n  phones:\n    - {name: a, user: a, address: gate.test}", 8),
        ("sound:\n  registrars:\n    - {address: 10.0.0.9:5060, realm: x, password: secret}", 8),
        ("sound:\n  phones:\n    - {name: a, user: a, address: 10.0.0.9:5061, transport: tls}", 7),
        ("sound:\n  phones:\n    - {name: a, user: a, address: 10.0.0.9:5060, srtp: sdes}", 8),
        ("sound:\n  recordings: {key: short}", 7),
    ])
    func mistake_isFound_inItsLine(sound: String, line: Int) {
        let findings = site(sound).findings
        #expect(findings.hasMistakes)
        #expect(findings.contains { $0.line == line || $0.line == line - 1 }, "\(findings.rendered())")
    }
}
