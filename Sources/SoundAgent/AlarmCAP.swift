// SPDX-License-Identifier: Apache-2.0
package import Alarms
package import Facility

/// An alarm as a SIP MESSAGE with the Common Alerting Protocol 1.2 in it (RFC 8876), for phones and exchanges
/// that show it. A value; any thread.
package struct AlarmCAP: Hashable, Sendable {
    package static let type = "application/EmergencyCallData.cap+xml"

    package let body: String
    private let identifier: String

    package init(_ record: AlarmRecord, at terminal: Terminal, site: String) {
        identifier = "\(record.id.run)-\(record.id.sequence)-\(record.revision)@\(terminal.id)"
        let isUrgent = record.alarmClass >= .emergency
        body = """
            <?xml version="1.0" encoding="UTF-8"?>
            <alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">
              <identifier>\(identifier)</identifier>
              <sender>\(terminal.id)</sender>
              <sent>\(Self.time(record.raised))</sent>
              <status>Actual</status>
              <msgType>\(record.revision > 1 ? "Update" : "Alert")</msgType>
              <scope>Private</scope>
              <addresses>\(Self.escaped(site))</addresses>
              <info>
                <category>Security</category>
                <event>\(record.alarmClass)</event>
                <urgency>\(isUrgent ? "Immediate" : "Expected")</urgency>
                <severity>\(isUrgent ? "Severe" : "Moderate")</severity>
                <certainty>Observed</certainty>
                <headline>\(Self.escaped(terminal.title))</headline>
                <area>
                  <areaDesc>\(Self.escaped(terminal.title))</areaDesc>
                </area>
              </info>
            </alert>

            """
    }

    package var headers: [(String, String)] {
        [
            ("Call-Info", "<cid:\(identifier)>;purpose=EmergencyCallData.cap"), ("Priority", "emergency"),
            ("Content-ID", "<\(identifier)>"), ("Accept", "application/pidf+xml, \(Self.type)"),
        ]
    }

    private static func escaped(_ text: String) -> String {
        text.map { character -> String in
            switch character {
            case "<": "&lt;"
            case ">": "&gt;"
            case "&": "&amp;"
            case _: String(character)
            }
        }.joined()
    }

    /// RFC 3339, as CAP wants it: with an offset, never Z.
    private static func time(_ moment: Moment) -> String {
        let seconds = Int(max(0, moment.wallMs) / 1_000)
        let (days, rest) = (seconds / 86_400, seconds % 86_400)
        // Howard Hinnant's civil_from_days.
        let shifted = days + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted % 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let part = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * part + 2) / 5 + 1
        let month = part < 10 ? part + 3 : part - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(year)-\(two(month))-\(two(day))T\(two(rest / 3_600)):\(two(rest / 60 % 60)):"
            + "\(two(rest % 60))-00:00"
    }
}
