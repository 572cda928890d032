// SPDX-License-Identifier: Apache-2.0
import Alarms
import Console
import Foundation
import TestBoard
import Testing

struct WallViewTests {
    @Test func wall_hasExactlyTheNamesOfTheAPI_whenEncoded() throws {
        var wall = LiveWall(book: makeBook(cells: 1), version: 400)
        _ = wall.heard(cell1, now: at(0))
        wall.fault(cell1, .stuck, sinceAtMs: beginMs)
        let view = wall.view(now: at(800))
        #expect(
            try json(view) == """
                {"alarms":[],"now":1795305600800,"version":402,"zones":[{"id":"ward-1","terminals":[\
                {"alarm":null,"alarmClass":null,"faults":[],"id":"post-a","phase":null,"proof":"never",\
                "proofAgeMs":null,"role":"post","title":"室 post-a","use":"usable"},\
                {"alarm":null,"alarmClass":null,"faults":[{"cause":"stuck","en":"Button stuck",\
                "sinceAt":1795305600000,"zh":"按钮卡住"}],"id":"cell-1001","phase":null,"proof":"alive",\
                "proofAgeMs":800,"role":"cell","title":"室 cell-1001","use":"usable"}],"title":"ward-1"}]}
                """)
        #expect(try JSONDecoder().decode(WallView.self, from: Data(try json(view).utf8)) == view)
    }
}
