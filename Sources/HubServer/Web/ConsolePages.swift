// SPDX-License-Identifier: Apache-2.0
import Console

/// The console's pages, which are part of the program. Pure.
enum ConsolePages {
    static func file(at path: String) -> ConsoleAnswer? {
        let name = path == "/" ? "index.html" : String(path.drop { $0 == "/" })
        guard !name.contains("/"), let type = type(of: name), let bytes = ConsolePage.all[name] else { return nil }
        return .page(bytes, type: type)
    }

    private static func type(of name: String) -> String? {
        switch name.split(separator: ".").last {
        case "html": "text/html; charset=utf-8"
        case "js": "text/javascript; charset=utf-8"
        case "css": "text/css; charset=utf-8"
        case "svg": "image/svg+xml"
        default: nil
        }
    }
}
