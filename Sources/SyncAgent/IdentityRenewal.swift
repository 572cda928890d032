// SPDX-License-Identifier: Apache-2.0
package import Facility
import FoundationEssentials
import Synchronization

/// Asks the hub for a new certificate when two thirds of ours are over, and keeps it beside the key.
///
/// Any task. Always true: the key stays; the certificate before is good for a while yet, so whoever runs
/// begins anew with what is in the directory.
package final class IdentityRenewal: Sendable {
    private struct Renewal: Codable {
        var csr: String?
        var certificate: String?
    }

    private let identity: HubIdentity
    private let floor: TimeFloor
    private let say: @Sendable (Fault) -> Void
    private let done = Mutex(false)

    package init(_ identity: HubIdentity, floor: TimeFloor, say: @escaping @Sendable (Fault) -> Void) {
        self.identity = identity
        self.floor = floor
        self.say = say
    }

    package var isDone: Bool { done.withLock { $0 } }

    /// Until a new certificate is there, or the task is cancelled.
    package func run() async {
        while !Task.isCancelled {
            let moment = SyncTerminal.moment()
            if moment.uncertaintyMs != Limits.wallUnknownMs, identity.isRenewalDue(nowMs: moment.wallMs),
                await renew()
            {
                done.withLock { $0 = true }
                return
            }
            try? await Task.sleep(for: .milliseconds(Limits.renewalLookMs))
        }
    }

    private func renew() async -> Bool {
        do throws(Fault) {
            let client = HubClient(
                identity.hub, tls: try identity.tls(), trust: try identity.trust(), floor: floor,
                address: identity.address())
            guard let asked = try? JSONEncoder().encode(Renewal(csr: try identity.request())) else {
                await client.close()
                return false
            }
            let answer = await client.post("/v1/renew", Array(asked), type: "application/json")
            await client.close()
            guard case .answered(let body) = answer,
                let certificate = (try? JSONDecoder().decode(Renewal.self, from: Data(body)))?.certificate
            else { return false }
            try HubIdentity.write([("certificate.pem", certificate)], to: identity.directory)
            return true
        } catch {
            say(error)
            return false
        }
    }
}
