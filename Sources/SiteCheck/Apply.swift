// SPDX-License-Identifier: Apache-2.0
package import Facility
import Foundation
import Journal

/// All findings of these files; sites bring the boards they name.
package func check(files: [String]) -> [Finding] { SiteFiles(files).findings }

/// How `apply` is to go about it.
package struct ApplyOptions: Sendable {
    /// Only this one, else every terminal of the site.
    package var terminal: TerminalID?
    /// Fill in or replace the public keys of the site file.
    package var publicKeys: [TerminalID: [UInt8]] = [:]
    /// Replace what the site file says; for one terminal, else every terminal would write the same files.
    package var paths: TerminalPaths?
    /// Else one more than the newest that is installed, and than this one, which the hub sent.
    package var version: Int64?
    package var sentVersion: Int64 = 0
    /// Allows an older version.
    package var force = false

    package init() {}
}

/// What `apply` did, for printing and for the exit code. Nothing was installed when there are mistakes.
package struct ApplyReport: Sendable {
    package struct Installed: Hashable, Sendable {
        package var terminal: TerminalID
        package var path: String
        package var version: Int64
        /// A sentence for each difference; empty when nothing changed and the old file was left alone.
        package var changes: [String]
    }

    package var findings: [Finding]
    package var installed: [Installed] = []
    package var fault: Fault?

    package var succeeded: Bool { fault == nil && !findings.hasMistakes }

    package func rendered(_ languages: [Finding.Language] = Finding.Language.allCases) -> String {
        var lines = findings.isEmpty ? [] : [findings.rendered(languages)]
        for one in installed {
            if one.changes.isEmpty {
                lines.append("\(one.terminal): unchanged, version \(one.version) stays (\(one.path))")
            } else {
                lines.append("\(one.terminal): version \(one.version) installed (\(one.path))")
                lines += one.changes.map { "    " + $0 }
            }
        }
        if let fault { lines.append(fault.description) }
        return lines.joined(separator: "\n")
    }
}

/// Checks the files, compiles them and puts the result in place: `to/<terminal>.db`, or exactly `to` when one
/// terminal is wanted and `to` is no directory. All are compiled before the first is installed.
package func apply(files: [String], to: String, options: ApplyOptions = ApplyOptions()) -> ApplyReport {
    let read = SiteFiles(files)
    var report = ApplyReport(findings: read.findings)
    guard !read.findings.hasMistakes else { return report }
    do {
        try Application(read: read, to: to, options: options).run(&report)
    } catch {
        report.fault = error
    }
    return report
}

/// One run of `apply`, after the check.
private struct Application {
    let read: SiteFiles
    let to: String
    let options: ApplyOptions

    private struct Target {
        var config: TerminalConfig
        var path: String
        var old: TerminalConfig?
    }

    func run(_ report: inout ApplyReport) throws(Fault) {
        let targets = try targets()
        for target in targets {
            if let old = target.old, CompiledSite.sameButVersion(old, target.config), options.version == nil,
                old.version > options.sentVersion
            {
                report.installed.append(
                    .init(terminal: old.terminal, path: target.path, version: old.version, changes: []))
                continue
            }
            try CompiledSite.install(target.config, at: target.path, force: options.force)
            report.installed.append(
                .init(
                    terminal: target.config.terminal, path: target.path, version: target.config.version,
                    changes: ConfigChanges.between(target.old, target.config)))
        }
    }

    private func targets() throws(Fault) -> [Target] {
        guard read.sites.count == 1, let site = read.sites.first else {
            throw Fault(
                "apply", at: to, cause: "\(read.sites.count) site files were named, not one",
                hint: "Name the site file; it brings its boards.")
        }
        let ids = options.terminal.map { [$0] } ?? site.places.map(\.id)
        if ids.count > 1, options.paths != nil {
            throw Fault(
                "apply", at: site.file, cause: "one set of paths was given for \(ids.count) terminals",
                hint: "Name the terminal with --terminal, or write the paths into the site file.")
        }
        let paths = ids.map { path(of: $0) }
        let olds = paths.map { try? CompiledSite.read($0) }
        let known = paths.compactMap { CompiledSite.newestVersion($0) }
        let version = options.version ?? max(known.max() ?? 0, options.sentVersion) + 1
        var targets: [Target] = []
        for (index, id) in ids.enumerated() {
            guard let place = site.place(id), let board = read.board(of: place, in: site) else {
                let all = site.places.map(\.id.text).joined(separator: ", ")
                throw Fault(
                    "apply", at: site.file, cause: "it has no terminal '\(id)'", hint: "Name one of \(all).")
            }
            let config = try compile(
                site, board: board, for: id, version: version, paths: options.paths,
                publicKeys: options.publicKeys)
            targets.append(Target(config: config, path: paths[index], old: olds[index]))
        }
        try makeDirectory(targets.count > 1 || isDirectory ? to : (to as NSString).deletingLastPathComponent)
        return targets
    }

    private var isDirectory: Bool {
        var answer: ObjCBool = false
        return FileManager.default.fileExists(atPath: to, isDirectory: &answer) && answer.boolValue
    }

    private func path(of id: TerminalID) -> String {
        options.terminal != nil && !isDirectory ? to : (to as NSString).appendingPathComponent("\(id).db")
    }

    private func makeDirectory(_ path: String) throws(Fault) {
        guard !path.isEmpty else { return }
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch {
            throw Fault(
                "make directory", at: path, cause: error.localizedDescription,
                hint: "Check who owns the directory above it, or name another with --config.")
        }
    }
}
