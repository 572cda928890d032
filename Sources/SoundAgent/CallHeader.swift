// SPDX-License-Identifier: Apache-2.0
package import Facility
package import PanelLink

/// The header `Watchpost:` by which two terminals of a site know each other in a call: who, what for, and a
/// seal over it and over the session description.
///
/// A value; any thread. `name=value` pairs in a fixed order, other bytes than letters and digits as `%41`.
package struct CallHeader: Hashable, Sendable {
    package static let name = "Watchpost"

    package enum Word: String, Sendable, CaseIterable, Hashable {
        case from, to, call, urgency, mode, alarm, officer, second, reason, auto, nonce, seal
    }

    package var words: [Word: String]

    package init(_ words: [Word: String]) { self.words = words.filter { !$0.value.isEmpty } }

    package init?(reading text: String) {
        var words: [Word: String] = [:]
        for pair in text.utf8.split(separator: UInt8(ascii: ";")) {
            let parts = pair.split(separator: UInt8(ascii: "="), maxSplits: 1)
            guard parts.count == 2,
                let word = Word(
                    rawValue: String(decoding: parts[0].filter { $0 != UInt8(ascii: " ") }, as: UTF8.self)),
                words[word] == nil, let value = Self.plain(parts[1])
            else { return nil }
            words[word] = value
        }
        guard !words.isEmpty else { return nil }
        self.words = words
    }

    package subscript(_ word: Word) -> String { words[word] ?? "" }

    package var text: String { text(seal: true) }

    /// Everything but the seal.
    private var core: String { text(seal: false) }

    /// By bytes: it is written and read while a bell waits.
    private func text(seal: Bool) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(400)
        for word in Word.allCases where seal || word != .seal {
            guard let value = words[word] else { continue }
            if !bytes.isEmpty { bytes.append(UInt8(ascii: ";")) }
            bytes.append(contentsOf: word.rawValue.utf8)
            bytes.append(UInt8(ascii: "="))
            Self.escape(value, into: &bytes)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// `kind` keeps an answer from being taken for an offer.
    package func sealed(_ kind: String, _ keys: CallKeys, _ description: String) -> CallHeader {
        var sealed = self
        sealed.words[.seal] = keys.seal([kind, core, description])
        return sealed
    }

    package func isSealed(_ kind: String, _ keys: CallKeys, _ description: String) -> Bool {
        keys.isSealed([kind, core, description], by: self[.seal])
    }

    private static func escape(_ text: String, into bytes: inout [UInt8]) {
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x2d, 0x2e, 0x2f, 0x5f: bytes.append(byte)
            default:
                bytes.append(UInt8(ascii: "%"))
                for digit in [byte >> 4, byte & 15] {
                    bytes.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
                }
            }
        }
    }

    private static func plain(_ text: Substring.UTF8View) -> String? {
        var bytes: [UInt8] = []
        var rest = text[...]
        while let byte = rest.popFirst() {
            guard byte == 0x25 else {
                bytes.append(byte)
                continue
            }
            guard rest.count >= 2, let value = UInt8(String(Substring(rest.prefix(2))), radix: 16)
            else { return nil }
            bytes.append(value)
            rest = rest.dropFirst(2)
        }
        return String(validating: bytes, as: UTF8.self)
    }
}

// MARK: - Offers

extension CallHeader {
    package init(_ offer: CallOffer, from: TerminalID, to: TerminalID, nonce: String) {
        self.init([
            .from: from.text, .to: to.text, .call: offer.id.description,
            .urgency: "\(offer.urgency.rawValue)", .mode: "\(offer.mode.rawValue)",
            .alarm: offer.alarm?.description ?? "", .officer: offer.grounds.officer?.text ?? "",
            .second: offer.grounds.second?.text ?? "", .reason: offer.grounds.reason,
            .auto: offer.answersItself ? "1" : "", .nonce: nonce,
        ])
    }

    /// nil: it is no offer.
    package var offer: CallOffer? {
        guard let id = CallID(self[.call]), id.stream == .call,
            let urgency = UInt8(self[.urgency]).flatMap({ CallClass(rawValue: $0) }),
            let mode = UInt8(self[.mode]).flatMap({ CallMode(rawValue: $0) }),
            self[.reason].utf8.count <= Limits.callReasonMaxBytes
        else { return nil }
        return CallOffer(
            id: id, urgency: urgency, mode: mode, alarm: EventID(self[.alarm]),
            grounds: CallGrounds(
                officer: OfficerID(self[.officer]), second: OfficerID(self[.second]),
                reason: self[.reason]), answersItself: self[.auto] == "1")
    }
}
