// SPDX-License-Identifier: Apache-2.0
import Facility
import Testing
import Workbench

@Test func demo_isRefusedWithAHint_whenThereIsNoTerminal() throws {
    let (code, out, err) = try tool(["demo"])
    #expect(code == 1 && out.isEmpty)
    #expect(err.contains("watchpost demo --script"))
}
