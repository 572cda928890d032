// SPDX-License-Identifier: Apache-2.0
import Console
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

    @Test func timeZone_isAZonesName_orMinutes() throws {
        let summerMs: Int64 = 1_783_000_000_000
        for (text, hours) in [("Asia/Shanghai", 8), ("480", 8), ("-300", -5), ("Europe/Berlin", 2)] {
            let config = try HubConfig(text: "time-zone = \(text)\n", path: "hub.conf")
            #expect(config.time.offsetMs(summerMs) == Int64(hours) * 3_600_000, "\(text)")
        }
        #expect(HubConfig(folder: "/").time.offsetMs(summerMs) == 8 * 3_600_000)
    }

    @Test(arguments: [
        "time-zone = Moon/Base", "time-zone = 9999", "folder", "folder =", "sync = 70000", "colour = red",
    ])
    func config_namesTheLine_whenItIsWrong(line: String) {
        let fault = #expect(throws: Fault.self) { try HubConfig(text: "# x\n\(line)\n", path: "hub.conf") }
        #expect(fault?.place == "hub.conf:2")
    }
}
