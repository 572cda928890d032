// SPDX-License-Identifier: Apache-2.0

/// The console's pages, which are part of the program. Pure.
enum ConsolePages {
    static func file(at path: String) -> ConsoleAnswer? {
        let name = path == "/" ? "index.html" : String(path.drop { $0 == "/" })
        guard !name.contains("/"), let type = type(of: name), let bytes = bytes(of: name) else { return nil }
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

    /// Until the pages are merged: a page that says so.
    private static func bytes(of name: String) -> [UInt8]? {
        name == "index.html" ? Array("<!doctype html><title>Watchpost</title><p>Watchpost\n".utf8) : nil
    }
}
