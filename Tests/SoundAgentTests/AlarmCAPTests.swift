// SPDX-License-Identifier: Apache-2.0
import Facility
import Foundation
import TestBoard
import Testing

@testable import SoundAgent

struct AlarmCAPTests {
    @Test func alarm_isWellFormedCAP_withEscapedNames() throws {
        let terminal = Terminal(
            id: .cell, role: .cell, zone: ZoneID("w")!, title: "一监区 <101> & co", address: 1, port: 1,
            publicKey: [])
        let message = AlarmCAP(makeRecord(), at: terminal, site: "A & B")
        #expect(message.body.contains("<headline>一监区 &lt;101&gt; &amp; co</headline>"))
        #expect(message.body.contains("<sent>1970-01-01T00:00:00-00:00</sent>"))
        #expect(message.body.contains("<urgency>Immediate</urgency>"))
        let name = message.headers.first { $0.0 == "Call-Info" }?.1
        #expect(name?.hasSuffix(">;purpose=EmergencyCallData.cap") == true)
        #expect((try? XMLCheck.isWellFormed(message.body)) == true)
    }
}

/// Every tag is closed, in order.
enum XMLCheck {
    static func isWellFormed(_ text: String) throws -> Bool {
        var open: [Substring] = []
        for part in text.split(separator: "<").dropFirst() where !part.hasPrefix("?") {
            let name = part.prefix { $0 != ">" && $0 != " " }
            if name.hasPrefix("/") {
                guard open.popLast() == name.dropFirst() else { return false }
            } else {
                open.append(name)
            }
        }
        return open.isEmpty
    }
}
