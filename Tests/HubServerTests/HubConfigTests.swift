// SPDX-License-Identifier: Apache-2.0
import Facility
import Testing

@testable import HubServer

struct HubConfigTests {
    @Test func config_isRead_withCommentsAndSpaces() throws {
        let config = try HubConfig(
            text:
                "# hub\n\n folder = /srv/hub \nstore=postgresql://hub@db/wp?x=1\n"
                + "names = a.example , 10.0.0.1\nsync = 0\n",
            path: "hub.conf")
        #expect(config.folder == "/srv/hub")
        #expect(config.store == "postgresql://hub@db/wp?x=1")
        #expect(config.names == ["a.example", "10.0.0.1"])
        #expect(config.syncPort == 0 && config.consolePort == 7_080)
    }

    @Test(arguments: ["folder", "folder =", "sync = 70000", "colour = red"])
    func config_namesTheLine_whenItIsWrong(line: String) {
        let fault = #expect(throws: Fault.self) { try HubConfig(text: "# x\n\(line)\n", path: "hub.conf") }
        #expect(fault?.place == "hub.conf:2")
    }
}
