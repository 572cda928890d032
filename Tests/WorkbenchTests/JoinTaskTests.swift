// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Workbench

@Test func machine_hasAName_whateverItIs() {
    let name = JoinTask.machine()
    #expect(!name.isEmpty && name.count <= 64)
    #expect(name.allSatisfy { $0.isLetter || $0.isNumber })
}
