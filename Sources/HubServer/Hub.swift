// SPDX-License-Identifier: Apache-2.0
import CLinux
import Console
import ConsoleServer
import Facility
import Hummingbird
import HummingbirdTLS
import Journal
package import Logging
import NIOCore
import NIOSSL
import ServiceLifecycle

/// The hub: store, authority and desks, and the two ports that serve them.
///
/// Made once; `run` serves until the task is cancelled or the process is told to end. Always true: TLS 1.3
/// and nothing older on both ports; the sync port lets nobody in without a certificate of its own authority.
package struct Hub: Sendable {
    package static let version = Release.version

    let parts: HubParts
    private let logger: Logger
    /// Printed once, on the first start: whoever has it is the administrator.
    package let firstCode: String?

    package init(_ config: HubConfig, clock: HubClock = .machine, logger: Logger) async throws {
        let authority = try Authority(
            directory: config.folder + "/authority", names: config.names, nowMs: clock.now().wallMs)
        let store = try await HubKeeping.store(config, serves: true)
        let (known, open, shelves) = try await store.read { session in
            (
                try session.site(), try session.openAlarms(), try session.shelves(now: clock.now())
            )
        }
        let places = HubPlaces(site: known.site, zoneTitles: known.zoneTitles)
        let (roster, wall) = (Roster(), WallDesk(book: places.book, clock: clock))
        try await roster.refresh(from: store)
        let rounds = RoundDesk(store: store, places: places, clock: clock)
        let uses = UseDesk(store: store, places: places)
        let followUp = FollowUpDesk(store: store, wall: wall, rounds: rounds, uses: uses) {
            logger.error("hub: what follows from news could not be written: \($0)")
        }
        await wall.load(open)
        await wall.load(shelves: shelves)
        for (cell, use) in try await uses.uses() { await wall.use(use, of: cell) }
        await followUp.take(open, [], at: clock.now())
        let carrier = Carrier(store: store, clock: clock) { logger.error("hub: \($0)") }
        let tell: @Sendable ([IntakeNews]) async -> Void = { news in
            let changes = await wall.take(news)
            guard let at = news.last?.at else { return }
            await followUp.take(news.flatMap { $0.alarms.map(\.alarm) }, changes, at: at)
        }
        let intake = IntakeDesk(
            store: store, clock: clock,
            told: { news in
                await carrier.rang(news.map(\.terminal))
                await tell(news)
            })
        let proofs = ProofDesk(store: store, clock: clock, intake: intake, told: tell)
        let bundles = BundleDesk(store: store, authority: authority)
        parts = HubParts(
            config: config, store: store, clock: clock, authority: authority, roster: roster, intake: intake,
            proofs: proofs, wall: wall, orders: OrderDesk(store: store, clock: clock), rounds: rounds,
            uses: uses,
            followUp: followUp, webhooks: WebhookDesk(store: store, clock: clock),
            signIn: SignInDesk(store: store, clock: clock),
            bundles: bundles, library: LibraryDesk(bundles: bundles),
            talks: TalkDesk(store: store, clock: clock, gateway: config.talk),
            recordings: RecordingDesk(
                store: store, clock: clock, folder: config.folder,
                secretKey: { () throws(Fault) in try RecordingKey.secret(config) }), carrier: carrier,
            certificates: CertificateFile(config.folder),
            places: places)
        self.logger = logger
        try await parts.bundles.renewPeople(atMs: clock.now().wallMs)
        firstCode = try await Self.firstAdministrator(store)
    }

    /// Until somebody has an account there is one, with a password that is printed and never kept.
    private static func firstAdministrator(_ store: any HubStore) async throws -> String? {
        guard try await store.read({ try $0.accounts().isEmpty }) else { return nil }
        let code = Secrets.code()
        let account = Account(
            id: "administrator", name: "administrator", role: .administrator,
            password: try await Password.hash(code))
        try await store.write { try $0.put(account) }
        return code
    }

    package var fingerprint: String { parts.authority.fingerprint }

    /// Serves until it is cancelled, or told to end by a signal. `listening` is told both ports once they are
    /// open.
    package func run(
        endsOnSignals: Bool = true, listening: @escaping @Sendable (_ console: Int, _ sync: Int) async -> Void
    ) async throws {
        // Hubs that share a server's store may share a folder; a file has one hub.
        let lock = parts.config.store == nil ? try FolderLock(parts.config.folder) : nil
        defer { withExtendedLifetime(lock) {} }
        // Three connections of each terminal.
        wp_raise_file_limit()
        let ports = OpenPorts(told: listening)
        let console = Application(
            responder: ConsoleResponder(hub: parts, routes: ConsoleRoutes.all),
            server: try .tls(TalkChannel.server(parts.talks), tlsConfiguration: try tls(isMutual: false)),
            configuration: ApplicationConfiguration(
                address: .hostname(parts.config.address, port: parts.config.consolePort)),
            onServerRunning: { await ports.open(console: $0.localAddress?.port ?? 0) }, logger: logger)
        let sync = Application(
            responder: SyncResponder(hub: parts), server: try .tls(tlsConfiguration: try tls(isMutual: true)),
            configuration: ApplicationConfiguration(
                address: .hostname(parts.config.address, port: parts.config.syncPort)),
            onServerRunning: { await ports.open(sync: $0.localAddress?.port ?? 0) }, logger: logger)
        let services: [any Service] = [
            HubTicker(hub: parts, logger: logger), WebhookRunner(hub: parts),
            AboveRunner(hub: parts, logger: logger), console, sync,
        ]
        try await serve(services, endsOnSignals: endsOnSignals, logger: logger)
    }

    private func tls(isMutual: Bool) throws -> TLSConfiguration {
        let authority = parts.authority
        let chain = try [authority.serverCertificateText, authority.certificateText].flatMap {
            try NIOSSLCertificate.fromPEMBytes(Array($0.utf8))
        }
        var tls = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) },
            privateKey: .privateKey(
                try NIOSSLPrivateKey(bytes: Array(authority.serverKeyText.utf8), format: .pem)))
        tls.minimumTLSVersion = .tlsv13
        tls.applicationProtocols = ["http/1.1"]
        if isMutual {
            tls.trustRoots = .certificates(
                try NIOSSLCertificate.fromPEMBytes(Array(authority.certificateText.utf8)))
            // A client has no host name to check; its chain and its being there are demanded.
            tls.certificateVerification = .noHostnameVerification
        }
        return tls
    }
}

/// Waits for both ports.
private actor OpenPorts {
    private let told: @Sendable (Int, Int) async -> Void
    private var (console, sync): (Int?, Int?)

    init(told: @escaping @Sendable (Int, Int) async -> Void) { self.told = told }

    func open(console: Int? = nil, sync: Int? = nil) async {
        self.console = console ?? self.console
        self.sync = sync ?? self.sync
        if let console = self.console, let sync = self.sync { await told(console, sync) }
    }
}
