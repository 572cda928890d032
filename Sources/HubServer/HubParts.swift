// SPDX-License-Identifier: Apache-2.0
import Console
import Facility

/// Everything that a request may need, made once at the start. Any task.
struct HubParts: Sendable {
    let config: HubConfig
    let store: any HubStore
    let clock: HubClock
    let authority: Authority
    let roster: Roster
    let intake: IntakeDesk
    let wall: WallDesk
    let orders: OrderDesk
    let signIn: SignInDesk
    let site: Site
    let book: PlaceBook
    let joinTries = TryCounter(tries: Limits.joinTriesCount, windowMs: Limits.signInWindowMs)

    func audit(_ note: AuditNote) async throws {
        let atMs = clock.now().wallMs
        try await store.write { try $0.append(note, atMs: atMs) }
    }
}
