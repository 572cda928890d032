// SPDX-License-Identifier: Apache-2.0
package import Facility
import Glibc

//  technician ─ watchpost apply ─> installed ─┐
//                                             ├─> the highest version that holds ─> a daemon, at its start
//  hub ─ watchpost-sync ────────────> sent ───┘

/// Where a daemon finds its configuration: what a technician applied at this terminal, and what the hub sent
/// since, each with the version kept before it. A value; read before the line thread starts.
///
/// Always true: what was sent counts only where it changes the site's list and nothing of this machine; one
/// that is damaged, foreign or older is left for the last good one.
package struct SitePlaces: Hashable, Sendable {
    /// Where `watchpost-sync` puts what it brought down, on a terminal that was installed as the units say.
    package static let sentHere = "/var/lib/watchpost-sync/bundles/site.db"

    package var installed: String
    package var sent: String?

    package init(installed: String, sent: String? = nil) {
        self.installed = installed
        self.sent = sent
    }

    /// Where the daemon keeps what a restart survives; the same in every version that counts. What the hub
    /// sent is looked at only where nothing else can be read.
    package func runtimePath() throws(Fault) -> String {
        if let own = try? CompiledSite.readNewestGood(installed).config { return own.runtimePath }
        return try read().config.runtimePath
    }

    /// What is in force. `stepsBack`: how many crash loops there were: after the first the hub's word is no
    /// longer looked at, because reading it may be what ends us; after the next, or without any such word,
    /// what was applied last is left for what was applied before. `fault` tells why the first choice was not
    /// taken. Throws only when nothing can be read.
    package func read(stepsBack: Int = 0) throws(Fault) -> (config: TerminalConfig, fault: Fault?) {
        let isSent = sent.map { access($0, F_OK) == 0 } ?? false
        guard isSent, stepsBack == 0 else {
            let found = try CompiledSite.readNewestGood(
                installed, preferPrevious: stepsBack > (isSent ? 1 : 0))
            return (found.config, found.fault)
        }
        var fault: Fault?
        var newest: TerminalConfig?
        do throws(Fault) {
            let own = try CompiledSite.readNewestGood(installed)
            (newest, fault) = (own.config, own.fault)
        } catch { fault = error }
        let own = newest
        for path in [sent, sent.map(CompiledSite.previousPath)].compactMap({ $0 })
        where access(path, F_OK) == 0 {
            do throws(Fault) {
                let config = try CompiledSite.read(path)
                // Where nothing of the technician's can be read, what the hub sent is the last good.
                if let own { try Self.admit(config, beside: own) }
                if config.version > newest?.version ?? 0 { newest = config }
            } catch { fault = fault ?? error }
        }
        guard let newest else {
            throw fault
                ?? Fault("read configuration", at: installed, cause: "there is none", hint: "Apply the site.")
        }
        return (newest, fault)
    }

    /// What the hub sent, put where the daemons look for it at their next start. Refused when it would not be
    /// in force there: foreign to this machine, or not newer than what a technician applied.
    package func take(_ config: TerminalConfig) throws(Fault) {
        guard let sent else { return }
        if let own = try? CompiledSite.readNewestGood(installed).config {
            // A person may have applied it here already.
            if own == config { return }
            try Self.admit(config, beside: own)
            guard config.version > own.version else {
                throw Fault(
                    "take site", at: "version \(config.version)",
                    cause: "version \(own.version) was applied at this terminal",
                    hint: "Compile it with --version \(own.version + 1) or more, and publish that.")
            }
        }
        if (try? CompiledSite.read(sent)) != config { try CompiledSite.install(config, at: sent) }
    }

    /// The hub may change who is where and who hears whom. Who this terminal is, how it is wired, where it
    /// keeps its key and its records and who may order it about is said at the terminal alone: a wrong board
    /// would make it deaf, and nobody over there could hear that.
    package static func admit(
        _ config: TerminalConfig, beside installed: TerminalConfig
    ) throws(Fault) {
        let own: [(String, Bool)] = [
            ("terminal", config.terminal == installed.terminal), ("board", config.board == installed.board),
            ("key", config.keyPath == installed.keyPath),
            ("journal", config.journalPath == installed.journalPath),
            ("runtime directory", config.runtimePath == installed.runtimePath),
            ("operators", config.operators == installed.operators),
        ]
        let changed = own.filter { !$0.1 }.map(\.0).joined(separator: ", ")
        guard changed.isEmpty else {
            throw Fault(
                "take site", at: "version \(config.version)",
                cause: "it changes this terminal's own \(changed)",
                hint: "Apply that at the terminal: watchpost apply. The hub sends the site's list alone.")
        }
    }
}
