// SPDX-License-Identifier: Apache-2.0

/// The console's cookies. Pure. `__Host-` makes the browser insist on TLS, on this host alone and on the
/// whole path.
enum Cookies {
    static let session = "__Host-watchpost"
    /// Before anybody signed in: ties the first token to this browser.
    static let first = "__Host-watchpost-first"

    static func read(_ name: String, from header: String?) -> String? {
        for part in (header ?? "").split(separator: ";") {
            let pair = part.drop { $0 == " " }
            if pair.hasPrefix(name + "=") { return String(pair.dropFirst(name.utf8.count + 1)) }
        }
        return nil
    }

    static func set(_ name: String, _ value: String) -> String {
        "\(name)=\(value); Path=/; Secure; HttpOnly; SameSite=Strict"
    }

    static func end(_ name: String) -> String { set(name, "") + "; Max-Age=0" }
}
