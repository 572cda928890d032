// SPDX-License-Identifier: Apache-2.0

/// What a panel is told on its command line; the rest stands in the terminal's compiled configuration. A
/// value.
package struct PanelOptions: Hashable, Sendable {
    package var configuration: String
    package var port = 7_070
    /// What `watchpost-sync` brought down.
    package var bundles = "/var/lib/watchpost-sync/bundles"
    /// The hub's certificate, as it was pinned when this terminal joined.
    package var authority = "/var/lib/watchpost-sync/authority.pem"
    /// Its own record of who did what here.
    package var journal = "/var/lib/watchpost-panel/duty.db"

    package init(configuration: String) { self.configuration = configuration }

    /// Nil for anything but `--config FILE` and the others with their values.
    package init?(_ words: some Sequence<String>) {
        var options: [String: String] = [:]
        var iterator = words.makeIterator()
        while let word = iterator.next() {
            guard Self.known.contains(word), let value = iterator.next() else { return nil }
            options[word] = value
        }
        guard let configuration = options["--config"] else { return nil }
        self.init(configuration: configuration)
        if let text = options["--port"] {
            guard let port = UInt16(text) else { return nil }
            self.port = Int(port)
        }
        bundles = options["--bundles"] ?? bundles
        authority = options["--authority"] ?? authority
        journal = options["--journal"] ?? journal
    }

    private static let known = ["--config", "--port", "--bundles", "--authority", "--journal"]
    package static let usage = """
        usage: watchpost-panel --config FILE [--port N] [--bundles DIRECTORY] [--authority FILE]
                               [--journal FILE]
        """
}
