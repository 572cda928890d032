// SPDX-License-Identifier: Apache-2.0

/// The console's cookies. Pure. `__Host-` makes the browser insist on TLS, on this host alone and on the
/// whole path.
package enum Cookies {
    package static let session = "__Host-watchpost"
    /// Before anybody signed in: ties the first token to this browser.
    package static let first = "__Host-watchpost-first"

    package static func read(_ name: String, from header: String?) -> String? {
        for part in (header ?? "").split(separator: ";") {
            let pair = part.drop { $0 == " " }
            if pair.hasPrefix(name + "=") { return String(pair.dropFirst(name.utf8.count + 1)) }
        }
        return nil
    }

    /// A post's panel is reached on its own machine alone, without TLS, so without `Secure` and `__Host-`.
    package static let panelSession = "watchpost-panel"
    package static let panelFirst = "watchpost-panel-first"

    package static func set(_ name: String, _ value: String) -> String {
        let secure = name.hasPrefix("__Host-") ? " Secure;" : ""
        return "\(name)=\(value); Path=/;\(secure) HttpOnly; SameSite=Strict"
    }

    package static func end(_ name: String) -> String { set(name, "") + "; Max-Age=0" }
}
