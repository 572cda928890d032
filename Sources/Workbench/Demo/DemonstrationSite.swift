// SPDX-License-Identifier: Apache-2.0
package import Facility
import Foundation
import PanelLink
import SiteCheck

/// The site that the demo plays: `board-configs/demonstration-site.yaml`, or another one by its file.
package enum DemonstrationSite {
    static let file = "board-configs/demonstration-site.yaml"

    /// One configuration for each terminal. Keys, addresses and paths are `LoopbackSite`'s business.
    package static func configs(_ given: String?) throws(Fault) -> [TerminalConfig] {
        let path: String
        if let given { path = given } else { path = try find() }
        let files = SiteFiles([path])
        guard !files.findings.hasMistakes, let sheet = files.sites.first else {
            throw Fault(
                "read site", at: path, cause: files.findings.rendered(),
                hint: "Run `watchpost check \(path)` until it finds nothing.")
        }
        let unused = [UInt8](repeating: 0, count: LinkKeys.keyBytes)
        let names = sheet.places.map(\.id) + [sheet.sound?.gateway?.id].compactMap { $0 }
        let keys = Dictionary(names.map { ($0, unused) }) { first, _ in first }
        var configs: [TerminalConfig] = []
        for place in sheet.places {
            guard let board = files.board(of: place, in: sheet) else { continue }
            configs.append(try compile(sheet, board: board, for: place.id, version: 1, publicKeys: keys))
        }
        return configs
    }

    /// Here, in a source tree above the tool, or where it was installed.
    private static func find() throws(Fault) -> String {
        let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? "/"
        var folder = URL(fileURLWithPath: own).deletingLastPathComponent()
        var candidates = [file]
        for _ in 0..<5 {
            candidates += [folder.path + "/" + file, folder.path + "/share/watchpost/" + file]
            folder.deleteLastPathComponent()
        }
        if let found = candidates.first(where: { FileManager.default.fileExists(atPath: $0) }) {
            return found
        }
        throw Fault(
            "find", at: file, cause: "it is neither here nor beside the tool",
            hint: "Name a site: watchpost demo --site FILE.")
    }
}
