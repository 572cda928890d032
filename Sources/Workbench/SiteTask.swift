// SPDX-License-Identifier: Apache-2.0
package import Facility
import Journal
import PanelLink
import SiteCheck

/// How `apply` is to go about it.
package struct ApplyWish: Hashable, Sendable {
    package var terminal: TerminalID?
    package var version: Int64?
    package var force: Bool

    package init(terminal: TerminalID?, version: Int64?, force: Bool) {
        self.terminal = terminal
        self.version = version
        self.force = force
    }
}

/// What a technician does before a terminal runs: makes its key, checks and applies the site. On the tool's
/// main thread.
package struct SiteTask {
    private let voice: Voice

    package init(_ voice: Voice) { self.voice = voice }

    package func keygen(_ path: String) throws(Fault) -> Outcome {
        let keys = LinkKeys.generate()
        try keys.write(path)
        var line = JSONLine()
        line.add("file", path)
        line.add("publicKey", keys.publicText)
        if voice.speaksJSON { voice.say(line) } else { voice.say(keys.publicText) }
        return .done
    }

    // MARK: - check and apply

    /// 1 when there is a mistake; warnings are told and pass.
    package func check(_ files: [String]) -> Outcome {
        let findings = SiteCheck.check(files: files)
        if voice.speaksJSON { findings.forEach { voice.say(Self.json($0)) } }
        return tell(findings)
    }

    private func tell(_ findings: [Finding]) -> Outcome {
        if !voice.speaksJSON, !findings.isEmpty { voice.complain(findings.rendered(languages)) }
        if findings.hasMistakes { return .refused }
        if !voice.speaksJSON, findings.isEmpty { voice.say(Phrase("没有错误。", "No mistake was found.")) }
        return .done
    }

    /// All or nothing: with a mistake in any file nothing is installed.
    package func apply(_ files: [String], to place: String, _ wish: ApplyWish) -> Outcome {
        var options = ApplyOptions()
        options.terminal = wish.terminal
        options.version = wish.version
        options.force = wish.force
        // On a terminal: what is applied here is to be newer than what the hub sent.
        if place.hasPrefix(ConfigPlace.installed) {
            options.sentVersion = CompiledSite.newestVersion(SitePlaces.sentHere) ?? 0
        }
        let report = SiteCheck.apply(files: files, to: place, options: options)
        if voice.speaksJSON {
            report.findings.forEach { voice.say(Self.json($0)) }
            for one in report.installed { voice.say(json(one)) }
        } else {
            if !report.findings.isEmpty { voice.complain(report.findings.rendered(languages)) }
            var installed = report
            installed.findings = []
            installed.fault = nil
            let text = installed.rendered(languages)
            if !text.isEmpty { voice.say(text) }
        }
        if let fault = report.fault { return voice.fail(fault) }
        return report.succeeded ? .done : .refused
    }

    private var languages: [Finding.Language] {
        voice.language == .zh ? [.chinese, .english] : [.english, .chinese]
    }

    static func json(_ finding: Finding) -> JSONLine {
        var line = JSONLine()
        line.add("file", finding.file)
        line.add("line", finding.line)
        line.add("column", finding.column)
        line.add("severity", "\(finding.severity)")
        line.add("zh", finding.what.chinese)
        line.add("en", finding.what.english)
        line.add("remedyZh", finding.remedy.chinese)
        line.add("remedyEn", finding.remedy.english)
        return line
    }

    private func json(_ installed: ApplyReport.Installed) -> JSONLine {
        var line = JSONLine()
        line.add("terminal", installed.terminal.text)
        line.add("path", installed.path)
        line.add("version", installed.version)
        line.add("changes", .list(installed.changes.map { .text($0) }))
        return line
    }
}
