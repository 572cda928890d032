// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing
import Workbench

@Test func directory_isOursAloneAndFresh_whenItIsMade() throws {
    let (one, other) = (try TemporaryDirectory(), try TemporaryDirectory())
    defer { for directory in [one, other] { directory.remove() } }
    #expect(one.path != other.path)
    let mode = try FileManager.default.attributesOfItem(atPath: one.path)[.posixPermissions] as? Int
    #expect(mode == 0o700)
}
