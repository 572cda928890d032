// SPDX-License-Identifier: Apache-2.0
import ConsoleServer
package import Facility
import Foundation
import Journal
import Logging
import ServiceLifecycle
import SyncAgent

/// How hubs come to stand above each other: what is done once at each side, by whoever keeps the machine.
///
///     above   watchpost-hub --below NAME --site FILE      lists the facility's terminals, prints a code
///     below   watchpost-hub --join-above URL --code CODE  a key and a certificate in the folder `above`
package enum HubAbove {
    static func identity(_ config: HubConfig) -> String { config.folder + "/above" }

    /// Lists a facility's hub and its terminals, by the file of its site, and gives a one-time code for it.
    package static func list(
        _ config: HubConfig, below hub: TerminalID, site file: String, clock: HubClock = .machine
    ) async throws -> String {
        let site = try CompiledSite.read(file).site
        let (store, code, nowMs) = (try await HubKeeping.store(config), Secrets.code(), clock.now().wallMs)
        try await store.write { session in
            try session.setBelow(hub, site)
            try session.putJoinCode(
                Secrets.hash(code), terminal: hub, serial: nil, expiresMs: nowMs + Int64(Limits.joinCodeMs))
            try session.append(
                AuditNote(
                    who: "machine", what: "hub.below", subject: "\(hub): \(site.terminals.count) terminals"),
                atMs: nowMs)
        }
        return code
    }

    /// Joins this hub to the one above: its own key, which never leaves this folder.
    package static func join(
        _ config: HubConfig, to address: String, code: String, clock: HubClock = .machine
    ) async throws -> String {
        try FileManager.default.createDirectory(
            atPath: config.folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        let joined = try await Joining.join(
            address, code: code, serial: String(ProcessInfo.processInfo.hostName.prefix(64)),
            directory: identity(config))
        let nowMs = clock.now().wallMs
        try await HubKeeping.store(config).write { session in
            let note = AuditNote(
                who: "machine", what: "hub.join-above", subject: "\(joined.hub) as \(joined.terminal)")
            try session.append(note, atMs: nowMs)
        }
        return "joined \(joined.hub) as \(joined.terminal)"
    }
}

/// Runs the carrier as soon as somebody joined this hub to one above, and anew after each renewal.
struct AboveRunner: Service {
    let hub: HubParts
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            var told: Fault?
            while !Task.isCancelled {
                if FileManager.default.fileExists(atPath: HubAbove.identity(hub.config) + "/certificate.pem")
                {
                    do throws(Fault) {
                        let hub = hub
                        try await hub.carrier.run(try HubIdentity.read(HubAbove.identity(hub.config))) {
                            await AlarmDeeds.perform($0, hub)
                        }
                        told = nil
                        continue
                    } catch {
                        if told != error { logger.error("hub: \(error)") }
                        told = error
                    }
                }
                try? await Task.sleep(for: .milliseconds(Limits.aboveLookMs))
            }
        }
    }
}
