// SPDX-License-Identifier: Apache-2.0
package import ClipMaking
import Clips
package import Facility
import Foundation

/// What `clips add` is asked.
package struct ClipWish: Hashable, Sendable {
    package var files: [String]
    /// nil: the file's own name.
    package var name: String?
    package var text: String?
    package var language: Speech.Language

    package init(files: [String], name: String?, text: String?, language: Speech.Language) {
        (self.files, self.name, self.text, self.language) = (files, name, text, language)
    }
}

/// Makes, lists and checks a library of voice units. On the tool's main thread.
package struct ClipTask {
    private let voice: Voice

    package init(_ voice: Voice) { self.voice = voice }

    /// All or nothing: with one that is refused the library stays as it was.
    package func add(_ wish: ClipWish, to library: String) throws(Fault) -> Outcome {
        let folder = ClipFolder(library)
        var index = try folder.index()
        try folder.make()
        var made: [(unit: ClipUnit, clip: MadeClip)] = []
        for (name, source) in try sources(wish) {
            let clip = try ClipMaker.make(source)
            let unit = ClipUnit(name: name, sha256: try folder.keep(clip.bytes), ms: clip.ms)
            try index.put(unit)
            made.append((unit, clip))
        }
        try folder.turn(to: index)
        for (unit, clip) in made { tell(unit, clip) }
        return .done
    }

    private func sources(_ wish: ClipWish) throws(Fault) -> [(UnitName, SoundSource)] {
        guard wish.text == nil ? !wish.files.isEmpty : wish.files.isEmpty,
            wish.name == nil ? wish.text == nil : wish.files.count < 2
        else {
            throw Fault(
                "add unit", at: wish.name ?? "-", cause: "files, or one text with a name: one of both",
                hint: "Write `clips add FILE …`, `clips add FILE --name N` or `clips add --say T --name N`.")
        }
        if let text = wish.text {
            return [(try Self.name(wish.name ?? ""), try Speech.say(text, wish.language))]
        }
        var sources: [(UnitName, SoundSource)] = []
        for file in wish.files {
            let name = try Self.name(wish.name ?? Self.stem(file))
            sources.append((name, try SoundSource(path: file)))
        }
        return sources
    }

    /// `/media/wake-up.wav`: `wake-up`.
    private static func stem(_ file: String) -> String {
        let last = file.split(separator: "/").last ?? ""
        return String(last.lastIndex(of: ".").map { last[..<$0] } ?? last)
    }

    private static func name(_ text: String) throws(Fault) -> UnitName {
        guard let name = UnitName(text), ClipIndex.isName(name) else {
            throw Fault(
                "add unit",
                at: String(text.unicodeScalars.prefix(40).map { $0.isASCII ? Character($0) : "?" }),
                cause: "a unit has no such name",
                hint: "Give it one with --name: 1 to 16 of A–Z a–z 0–9 - _ . , a letter or a digit first.")
        }
        return name
    }

    private func tell(_ unit: ClipUnit, _ clip: MadeClip) {
        var line = Self.json(unit)
        line.add("gainDb", .decimal((clip.gainDb * 10).rounded() / 10))
        line.add("loudnessLufs", .decimal((clip.loudnessLufs * 10).rounded() / 10))
        line.add("peakDbtp", .decimal((clip.peakDb * 10).rounded() / 10))
        let seconds = String(format: "%.1f s", Double(unit.ms) / 1_000)
        let (gain, loudness) = (
            String(format: "%+.1f dB", clip.gainDb), String(format: "%.1f LUFS", clip.loudnessLufs)
        )
        if voice.speaksJSON {
            voice.say(line)
        } else {
            voice.say("\(unit.name)  \(seconds)  \(gain)  \(loudness)  \(unit.sha256.prefix(12))")
        }
    }

    package func list(_ library: String) throws(Fault) -> Outcome {
        for unit in try ClipFolder(library).index().units {
            if voice.speaksJSON {
                voice.say(Self.json(unit))
            } else {
                let seconds = String(format: "%.1f s", Double(unit.ms) / 1_000)
                voice.say("\(unit.name)  \(seconds)  \(unit.sha256.prefix(12))")
            }
        }
        return .done
    }

    /// 1 when a content is missing or is not what the index says.
    package func verify(_ library: String) throws(Fault) -> Outcome {
        let folder = ClipFolder(library)
        let index = try folder.index()
        var broken = 0
        for unit in index.units {
            let finding = folder.look(unit.sha256)
            if case .sound = finding { continue }
            broken += 1
            var line = Self.json(unit)
            line.add("wrong", finding == .missing ? "missing" : "altered")
            if voice.speaksJSON {
                voice.say(line)
            } else {
                let words =
                    finding == .missing
                    ? Phrase("\(unit.name)：内容缺失", "\(unit.name): its content is missing")
                    : Phrase("\(unit.name)：内容被改动", "\(unit.name): its content was altered")
                voice.complain(words.both(voice.language))
            }
        }
        if broken == 0, !voice.speaksJSON {
            let count = index.units.count
            voice.say(Phrase("\(count) 个单元完整无误。", "\(count) units, whole and unaltered."))
        }
        return broken == 0 ? .done : .refused
    }

    private static func json(_ unit: ClipUnit) -> JSONLine {
        var line = JSONLine()
        line.add("name", unit.name.text)
        line.add("sha256", unit.sha256)
        line.add("ms", unit.ms)
        return line
    }
}
