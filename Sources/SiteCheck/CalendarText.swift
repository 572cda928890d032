// SPDX-License-Identifier: Apache-2.0
import Facility
import Paging

/// One line of an iCalendar file, unfolded (RFC 5545 §3.1): `DTSTART;TZID=Asia/Shanghai:20261122T063000`.
struct CalendarLine: Hashable {
    /// Where it begins in the file, from 1.
    var number: Int
    /// Upper case.
    var name: String
    var parameters: [String: String]
    /// As it stands there.
    var value: String

    /// nil: no property.
    init?(_ text: String, number: Int) {
        self.number = number
        parameters = [:]
        var isQuoted = false
        var colon: String.Index?
        for index in text.indices {
            if text[index] == "\"" { isQuoted.toggle() }
            if text[index] == ":", !isQuoted {
                colon = index
                break
            }
        }
        guard let colon else { return nil }
        let parts = text[..<colon].split(separator: ";", omittingEmptySubsequences: false)
        name = parts[0].uppercased()
        guard !name.isEmpty, name.utf8.allSatisfy({ $0 == 0x2d || (0x30...0x5a).contains($0) }) else {
            return nil
        }
        for part in parts.dropFirst() {
            let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard pair.count == 2 else { return nil }
            parameters[pair[0].uppercased()] = pair[1].filter { $0 != "\"" }
        }
        value = String(text[text.index(after: colon)...])
    }
}

/// Folding and escaping of iCalendar. Pure.
enum CalendarText {
    /// A line and those that begin with a blank are one.
    static func unfolded(_ text: String) -> [(number: Int, text: String)] {
        var lines: [(number: Int, text: String)] = []
        // "\r\n" is one Character and a newline of its own.
        for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
            .enumerated()
        {
            if let first = line.first, first == " " || first == "\t", !lines.isEmpty {
                lines[lines.count - 1].text += line.dropFirst()
            } else if !line.isEmpty {
                lines.append((index + 1, String(line)))
            }
        }
        return lines
    }

    /// At most 75 bytes in a line, never within a character.
    static func folded(_ line: String) -> String {
        var out = ""
        var length = 0
        for scalar in line.unicodeScalars {
            let width = String(scalar).utf8.count
            if length + width > 75 {
                out += "\r\n "
                length = 1
            }
            out.unicodeScalars.append(scalar)
            length += width
        }
        return out + "\r\n"
    }

    static func escaped(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing(";", with: "\\;").replacing(",", with: "\\,")
            .replacing("\n", with: "\\n")
    }

    static func unescaped(_ text: String) -> String {
        var out = ""
        var isEscaped = false
        for character in text {
            if isEscaped {
                out.append(character == "n" || character == "N" ? " " : character)
                isEscaped = false
            } else if character == "\\" {
                isEscaped = true
            } else {
                out.append(character)
            }
        }
        return out
    }

    /// `20261122T063000`
    static func stamp(_ day: CivilDay, _ time: ClockTime) -> String {
        let digits = "\(day)T\(time)".filter { $0 != "-" && $0 != ":" }
        return digits.utf8.count == 13 ? digits + "00" : digits
    }

    static func local(_ text: some StringProtocol) -> (day: CivilDay, time: ClockTime)? {
        let all = Array(text)
        guard all.count == 15, all[8] == "T" else { return nil }
        func part(_ range: Range<Int>) -> String { String(all[range]) }
        guard let day = CivilDay("\(part(0..<4))-\(part(4..<6))-\(part(6..<8))"),
            let time = ClockTime("\(part(9..<11)):\(part(11..<13)):\(part(13..<15))")
        else { return nil }
        return (day, time)
    }

    /// `PT1H30M15S`; nil: another form.
    static func seconds(ofDuration text: String) -> Int32? {
        guard text.hasPrefix("PT") else { return nil }
        var total = 0
        var number = ""
        var units = ["H": 3_600, "M": 60, "S": 1]
        for character in text.dropFirst(2) {
            if character.isASCII, character.isNumber {
                number.append(character)
            } else {
                guard let unit = units.removeValue(forKey: String(character)), number.count < 7,
                    let count = Int(number)
                else { return nil }
                total += count * unit
                number = ""
            }
        }
        return number.isEmpty ? Int32(exactly: total) : nil
    }
}
