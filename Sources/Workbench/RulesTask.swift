// SPDX-License-Identifier: Apache-2.0
import Conduct
package import Facility
import Foundation
import SiteCheck

/// Checks and shows rule packs. On the tool's main thread.
package struct RulesTask {
    private let voice: Voice

    package init(_ voice: Voice) { self.voice = voice }

    /// `compiled`: where the terminal's form of it is put, when there is no mistake.
    package func check(_ file: String, compiled: String?) throws(Fault) -> Outcome {
        guard let pack = told(checkRulePack(path: file)) else { return .refused }
        if let compiled {
            do {
                try Data(pack.encode()).write(to: URL(fileURLWithPath: compiled), options: .atomic)
            } catch {
                throw Fault(
                    "write", at: compiled, cause: "\(error)", hint: "Check the folder and who may write it.")
            }
        }
        if !voice.speaksJSON {
            let count = pack.items.count
            voice.say(Phrase("没有错误：\(count) 条。", "No mistake: \(count) items."))
        }
        return .done
    }

    package func show(_ file: String) throws(Fault) -> Outcome {
        guard let pack = try pack(file) else { return .refused }
        if !voice.speaksJSON {
            let until = pack.until.map { "\($0)" } ?? "…"
            voice.say("\(pack.id)  \(pack.title.both(voice.language))  \(pack.from) – \(until)")
            for profile in pack.profiles {
                let base = pack.parts.compactMap { part in
                    profile.base[part.id].map { "\(part.title.both(voice.language)) \($0)" }
                }
                voice.say("  \(profile.title.both(voice.language)): " + base.joined(separator: " + "))
            }
        }
        for item in pack.items { voice.speaksJSON ? voice.say(json(item)) : voice.say(text(item, pack)) }
        return .done
    }

    /// As people wrote it, or as terminals hold it.
    private func pack(_ file: String) throws(Fault) -> RulePack? {
        if let data = FileManager.default.contents(atPath: file), data.starts(with: Array("WPRP".utf8)) {
            return try RulePack.decode(Array(data), at: file)
        }
        return told(checkRulePack(path: file))
    }

    private func told(_ checked: Checked<RulePack>) -> RulePack? {
        let languages: [Finding.Language] =
            voice.language == .zh ? [.chinese, .english] : [.english, .chinese]
        if voice.speaksJSON {
            for finding in checked.findings { voice.say(SiteTask.json(finding)) }
        } else if !checked.findings.isEmpty {
            voice.complain(checked.findings.rendered(languages))
        }
        return checked.value
    }

    // MARK: Words

    private func counts(_ kind: RuleItem.Kind) -> String {
        switch kind {
        case .daily(let part): part.text
        case .special(isUnbounded: false): "special"
        case .special(isUnbounded: true): "special-unbounded"
        case .penalty: "penalty"
        case .cell: "cell"
        }
    }

    private func text(_ item: RuleItem, _ pack: RulePack) -> String {
        let (least, most) = (item.points.lowerBound, item.points.upperBound)
        let points = least == most ? "\(least)" : "\(least)..\(most)"
        var line = "  \(item.id)  \(item.title.both(voice.language))  \(points)  \(counts(item.kind))"
        if item.needsEvidence { line += "  " + Phrase("须附证据", "needs evidence").both(voice.language) }
        if item.signaturesCount > 1 {
            let count = item.signaturesCount
            line += "  " + Phrase("\(count) 人署名", "\(count) signatures").both(voice.language)
        }
        return line
    }

    private func json(_ item: RuleItem) -> JSONLine {
        var out = JSONLine()
        out.add("id", item.id.text)
        out.add("title", item.title.zh)
        out.add("english", item.title.en)
        out.add("counts", counts(item.kind))
        out.add("least", item.points.lowerBound.description)
        out.add("most", item.points.upperBound.description)
        out.add("evidence", item.needsEvidence)
        out.add("signatures", item.signaturesCount)
        out.add("by", Role.allCases.filter(item.roles.contains).map(\.rawValue).joined(separator: " "))
        return out
    }
}
