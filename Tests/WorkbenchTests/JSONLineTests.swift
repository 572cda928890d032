// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing
import Workbench

@Test func object_keepsItsOrder_andIsValidJSON_whenTextsAreHostile() throws {
    var inner = JSONLine()
    inner.add("zh", "“解除”\n\t\"\\\u{0}\u{1b}\u{7f}")
    var line = JSONLine()
    line.add("b", 1)
    line.add("a", inner)
    line.add("none", nil as String?)
    line.add("list", .list([.flag(true), .decimal(.infinity), .decimal(0.5)]))
    let text = line.description
    #expect(text.hasPrefix("{\"b\":1,\"a\":{"))
    #expect(!text.contains("\n"))
    let object = try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    #expect((object["a"] as? [String: Any])?["zh"] as? String == "“解除”\n\t\"\\\u{0}\u{1b}\u{7f}")
    #expect(object["none"] is NSNull)
    #expect((object["list"] as? [Any])?.count == 3)
}
