// SPDX-License-Identifier: Apache-2.0
import Console
import ConsoleServer
import Facility

/// Everything that a request may need, made once at the start. Any task.
struct HubParts: Sendable {
    let config: HubConfig
    let store: any HubStore
    let clock: HubClock
    let authority: Authority
    let roster: Roster
    let intake: IntakeDesk
    let proofs: ProofDesk
    let wall: WallDesk
    let orders: OrderDesk
    let rounds: RoundDesk
    let uses: UseDesk
    let followUp: FollowUpDesk
    let webhooks: WebhookDesk
    let signIn: SignInDesk
    let bundles: BundleDesk
    let library: LibraryDesk
    let talks: TalkDesk
    let recordings: RecordingDesk
    let carrier: Carrier
    let certificates: CertificateFile
    let places: HubPlaces
    let joinTries = TryCounter(tries: Limits.joinTriesCount, windowMs: Limits.signInWindowMs)

    let refusals = RefusalCounter()

    var site: Site { places.site }
    var book: PlaceBook { places.book }

    /// The facility's own time, for reports.
    var time: LocalTime { config.time }

    /// Where terminals reach the sync port.
    var syncAddress: String { "https://\(config.names[0]):\(config.syncPort)" }

    /// After each change, and for what another hub on the store changed now and then.
    func keepCertificates() async throws {
        let nowMs = clock.now().wallMs
        try certificates.keep(try await store.read { try $0.certificates(nowMs: nowMs) })
    }

    func audit(_ note: AuditNote) async throws {
        let atMs = clock.now().wallMs
        try await store.write { try $0.append(note, atMs: atMs) }
    }
}
