// SPDX-License-Identifier: Apache-2.0
import Facility
import Foundation

/// A wall clock's time in the zone of the one who reads; `?` when that clock had never been set.
func wallText(ms: Int64, zone: TimeZone = .current) -> String {
    guard ms >= Limits.wallPlausibleFromMs else { return Table.padded("?", to: 19) }
    let format = DateFormatter()
    format.locale = Locale(identifier: "en_US_POSIX")
    format.timeZone = zone
    format.dateFormat = "yyyy-MM-dd HH:mm:ss"
    return format.string(from: Date(timeIntervalSince1970: Double(ms) / 1_000))
}
