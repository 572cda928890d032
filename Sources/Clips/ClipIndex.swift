// SPDX-License-Identifier: Apache-2.0
package import Facility

/// Which thing a unit's name names. Never instantiated.
package enum UnitKind {}
/// 语音单元: a voice unit as a timetable names it: `wake-up`. Begins with a letter or a digit, see `ClipIndex`.
package typealias UnitName = Identifier<UnitKind>

/// One voice unit: which content stands behind a name. A value; any thread.
package struct ClipUnit: Hashable, Sendable {
    package var name: UnitName
    /// Of the content, 64 hexadecimal digits; also its file's name.
    package var sha256: String
    /// Its length, milliseconds.
    package var ms: Int

    package init(name: UnitName, sha256: String, ms: Int) {
        self.name = name
        self.sha256 = sha256
        self.ms = ms
    }
}

/// Which units a library has: the text that a hub signs and a terminal plays by. A value; any thread.
///
///     <unit name> <sha256> <milliseconds>\n      sorted by name, each name once
///
/// Always true: there is one text for one library, and it is read no other way.
package struct ClipIndex: Hashable, Sendable {
    /// A unit that every terminal makes itself: a quiet sweep, by which a night's round of the timetable
    /// finds loudspeakers and microphones that fell silent. In no library.
    package static let quietTone = "quiet-tone"

    /// Sorted by name.
    package private(set) var units: [ClipUnit] = []

    package init() {}

    package subscript(_ name: UnitName) -> ClipUnit? { units.first { $0.name == name } }

    /// Every content once, sorted.
    package var contents: [String] { Set(units.map(\.sha256)).sorted() }

    /// In the place of a unit of the same name, if there is one.
    package mutating func put(_ unit: ClipUnit) throws(Fault) {
        guard Self.isName(unit.name), Self.isHash(unit.sha256), Self.isLength(unit.ms) else {
            throw Fault(
                "keep unit", at: unit.name.text, cause: "its name, hash or length is none",
                hint: "Begin the name with a letter or a digit.")
        }
        let others = units.filter { $0.name != unit.name }
        guard others.count < Limits.clipsMaxCount else {
            throw Fault(
                "keep unit", at: unit.name.text, cause: "the library has \(Limits.clipsMaxCount) units",
                hint: "Remove units that no timetable names.")
        }
        units = (others + [unit]).sorted { $0.name < $1.name }
    }

    /// False where there was none.
    @discardableResult
    package mutating func remove(_ name: UnitName) -> Bool {
        let count = units.count
        units.removeAll { $0.name == name }
        return units.count != count
    }

    // MARK: Text

    package var text: String { units.map { "\($0.name) \($0.sha256) \($0.ms)\n" }.joined() }

    package init(_ bytes: [UInt8], at file: String) throws(Fault) {
        guard bytes.count <= Limits.clipIndexMaxBytes else {
            throw Self.fault(file, "it is longer than \(Limits.clipIndexMaxBytes) bytes")
        }
        let lines = bytes.split(separator: 0x0a, omittingEmptySubsequences: false)
        guard lines.last?.isEmpty == true else {
            throw Self.fault("\(file):\(lines.count)", "the last line has no end")
        }
        guard lines.count - 1 <= Limits.clipsMaxCount else {
            throw Self.fault(file, "it has more than \(Limits.clipsMaxCount) units")
        }
        for (number, line) in lines.dropLast().enumerated() {
            let place = "\(file):\(number + 1)"
            guard let unit = Self.unit(line) else {
                throw Self.fault(place, "no name, SHA-256 and milliseconds with one space between")
            }
            if let last = units.last, last.name >= unit.name {
                throw Self.fault(place, "\(unit.name) does not come after \(last.name)")
            }
            units.append(unit)
        }
    }

    private static func unit(_ line: ArraySlice<UInt8>) -> ClipUnit? {
        let words = line.split(separator: 0x20, omittingEmptySubsequences: false)
        guard words.count == 3, let name = UnitName(bytes: words[0]), isName(name),
            name.text.utf8.elementsEqual(words[0]), let ms = length(words[2])
        else { return nil }
        let sha256 = String(decoding: words[1], as: UTF8.self)
        return isHash(sha256) ? ClipUnit(name: name, sha256: sha256, ms: ms) : nil
    }

    /// Digits, the first no zero.
    private static func length(_ text: ArraySlice<UInt8>) -> Int? {
        guard (1...8).contains(text.count), text.first != 0x30, text.allSatisfy({ (0x30...0x39) ~= $0 })
        else {
            return nil
        }
        let ms = text.reduce(0) { $0 * 10 + Int($1 - 0x30) }
        return isLength(ms) ? ms : nil
    }

    package static func isHash(_ text: String) -> Bool {
        text.utf8.count == 64
            && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
    }

    /// `.` and `-` may follow: what begins with them means something else to a shell, or to a file system.
    package static func isName(_ name: UnitName) -> Bool {
        name.text.utf8.first.map { $0 != 0x2d && $0 != 0x2e && $0 != 0x5f } ?? false
    }

    private static func isLength(_ ms: Int) -> Bool { (1...Limits.clipMaxMs).contains(ms) }

    private static func fault(_ place: String, _ cause: String) -> Fault {
        Fault(
            "read clip index", at: place, cause: cause,
            hint: "Make the library anew with `watchpost clips add`, or publish it again at the hub.")
    }
}
