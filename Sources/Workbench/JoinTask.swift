// SPDX-License-Identifier: Apache-2.0
package import Facility
import Foundation

/// `watchpost join`: this machine becomes a terminal of a hub. The work is `watchpost-sync`'s, which alone
/// speaks HTTP here; its words are passed through. On the tool's thread.
package enum JoinTask {
    /// `serial`: what the hub knows the machine by; nil: the machine's own id.
    package static func run(
        hub: String, code: String, serial: String?, identity: String
    ) throws(Fault) -> Outcome {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: try InstalledProgram.path("watchpost-sync"))
        process.arguments = [
            "--join", hub, "--code", code, "--serial", serial ?? machine(), "--identity", identity,
        ]
        do { try process.run() } catch {
            throw Fault(
                "join", at: hub, cause: "\(error)", hint: "Install watchpost-sync beside the tool.")
        }
        process.waitUntilExit()
        return process.terminationStatus == 0 ? .done : .refused
    }

    /// The board's serial number where it has one, else the system's own id.
    static func machine() -> String {
        for path in ["/sys/firmware/devicetree/base/serial-number", "/etc/machine-id"] {
            let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
            let name = text.filter { $0.isLetter || $0.isNumber }
            if !name.isEmpty { return String(name.prefix(64)) }
        }
        return "unknown"
    }
}
