// SPDX-License-Identifier: Apache-2.0
import Console
import Foundation
import Testing

struct OrNullTests {
    private struct Sample: Codable, Hashable {
        @OrNull var number: Int?
    }

    @Test func empty_isNull_whenEncoded() throws {
        let encoded = try JSONEncoder().encode(Sample(number: nil))
        #expect(String(decoding: encoded, as: UTF8.self) == #"{"number":null}"#)
    }

    @Test(arguments: [(#"{"number":null}"#, nil), ("{}", nil), (#"{"number":7}"#, 7)] as [(String, Int?)])
    func value_isRead_whenNullOrMissing(json: String, number: Int?) throws {
        let read = try JSONDecoder().decode(Sample.self, from: Data(json.utf8))
        #expect(read.number == number)
    }
}
