// SPDX-License-Identifier: Apache-2.0
import Facility
import Foundation
import Testing
import Workbench

@Test func start_isReportedAsAFault_whenTheProgramIsMissing() throws {
    supervising([Program(name: "missing", executable: "/nonexistent/watchpost-alarm")]) { supervisor in
        let fault = eventually(ms: 10_000) { supervisor.report("missing")?.fault }
        #expect(fault?.place == "/nonexistent/watchpost-alarm")
        #expect(supervisor.report("missing")?.starts == 0)
    }
}

@Test func process_hasArgumentsEnvironmentAndLog_whenItStarts() throws {
    let directory = try TemporaryDirectory()
    defer { directory.remove() }
    let log = directory.path + "/log"
    let talker = Program(
        name: "talker", executable: "/bin/sh",
        arguments: ["-c", "echo \"$1 $WP_WORD\"; exec /bin/sleep 1000", "sh", "a b"],
        environment: ["WP_WORD": "word"], logPath: log)
    supervising([talker]) { _ in
        let text = eventually(ms: 10_000) { () -> String? in
            let text = try? String(contentsOfFile: log, encoding: .utf8)
            return text?.isEmpty == false ? text : nil
        }
        #expect(text == "a b word\n")
    }
}
