// SPDX-License-Identifier: Apache-2.0
package import Facility

/// What one terminal's daemon is told. `publicKeys` fill in or replace those of the site file (the demo makes
/// its own); `paths` replace those of the site file.
package func compile(
    _ site: SiteSheet, board: Board, for terminal: TerminalID, version: Int64, paths: TerminalPaths? = nil,
    publicKeys: [TerminalID: [UInt8]] = [:]
) throws(Fault) -> TerminalConfig {
    guard let place = site.place(terminal) else {
        let all = site.places.map(\.id.text).joined(separator: ", ")
        throw Fault(
            "compile", at: site.file, cause: "it has no terminal '\(terminal)'", hint: "Name one of \(all).")
    }
    var filled = site.site
    for index in filled.terminals.indices {
        if let key = publicKeys[filled.terminals[index].id] { filled.terminals[index].publicKey = key }
    }
    if let keyless = filled.terminals.first(where: { $0.publicKey.count != 32 }) {
        throw Fault(
            "compile", at: site.file, cause: "\(keyless.id) has no public key",
            hint: "Run 'watchpost keygen' on \(keyless.id) and write the 64 digits behind its 'public-key:'.")
    }
    var sound = site.sound
    if let gateway = sound?.gateway {
        if let key = publicKeys[gateway.id] { sound?.gateway?.publicKey = key }
        if sound?.gateway?.publicKey.count != 32 {
            throw Fault(
                "compile", at: site.file, cause: "the gateway \(gateway.id) has no public key",
                hint: "Run 'watchpost keygen' on the hub's machine; write its 64 digits behind 'public-key:'."
            )
        }
    }
    let paths = paths ?? place.paths
    var bare = board
    (bare.card, bare.canceller) = (nil, .adaptive)
    return TerminalConfig(
        version: version, terminal: terminal, site: filled, board: bare, keyPath: paths.key,
        journalPath: paths.journal, runtimePath: paths.runtime, operators: site.operators,
        sound: sound?.plan(card: board.card, canceller: board.canceller))
}
