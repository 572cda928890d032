// SPDX-License-Identifier: Apache-2.0
import CLinux
package import Facility
import Foundation

/// The panels of the demonstration's posts: real processes on loopback, each with what its own
/// `watchpost-sync` brought down. A value; what waits, waits on the tool's thread.
package struct DemoPanels {
    /// What the demonstration's officer types at a post.
    package static let pin = "2580"

    private let site: LoopbackSite
    private let executable: String
    private let ports: [TerminalID: UInt16]

    /// Nil where the program was not built: the alarm needs none of it.
    package init?(_ site: LoopbackSite) {
        guard let executable = try? InstalledProgram.path("watchpost-panel") else { return nil }
        let posts = site.terminals(.post)
        var ports = [UInt16](repeating: 0, count: posts.count)
        guard !posts.isEmpty, wp_free_ports(&ports, ports.count) == 0 else { return nil }
        self.site = site
        self.executable = executable
        self.ports = Dictionary(uniqueKeysWithValues: zip(posts, ports))
    }

    package var addresses: [(post: TerminalID, address: String)] {
        ports.sorted { $0.key < $1.key }.map { ($0.key, "http://127.0.0.1:\($0.value)") }
    }

    package var officer: String { site.site.officers.first?.id.text ?? "-" }

    private func bundles(_ post: TerminalID) -> String { DemoHub.identity(site, post) + "/bundles" }

    package var programs: [Program] {
        ports.sorted { $0.key < $1.key }.map { post, port in
            Program(
                name: "panel-\(post)", executable: executable,
                arguments: [
                    "--config", site.configPath(post), "--port", "\(port)", "--bundles", bundles(post),
                    "--authority", DemoHub.identity(site, post) + "/authority.pem",
                    "--journal", site.dutyPath(post),
                ], logPath: "\(site.directory.path)/log/panel-\(post).log")
        }
    }

    /// Until every post has its list of officers.
    package func awaitPeople() throws(Fault) {
        for post in ports.keys.sorted() {
            let list = bundles(post) + "/people.json"
            let found: Bool? = eventually(ms: Limits.demoPeopleMs, every: 50) {
                access(list, R_OK) == 0 ? true : nil
            }
            guard found != nil else {
                throw Fault(
                    "bring officers to", at: post.text, cause: "no list after \(Limits.demoPeopleMs) ms",
                    hint: "Read log/sync-\(post).log in the demo's directory.")
            }
        }
    }
}
