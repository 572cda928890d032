// SPDX-License-Identifier: Apache-2.0
import Facility
import Testing
import Workbench

@Test func answer_isGiven_whenItComesLater() {
    var looks = 0
    let answer = eventually(ms: 10_000, every: 1) { () -> Int? in
        looks += 1
        return looks == 3 ? looks : nil
    }
    #expect(answer == 3)
}

@Test func answer_isNone_whenTheTimeIsOver() {
    var looks = 0
    let answer = eventually(ms: 0) { () -> Int? in
        looks += 1
        return nil
    }
    #expect(answer == nil && looks == 1)
}
