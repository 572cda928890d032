// SPDX-License-Identifier: Apache-2.0
package import Facility
package import Intercom
package import PanelLink

/// Whom this terminal may speak with, and how each is reached. A value of the call desk, made once from the
/// configuration.
package struct CallBook: Sendable {
    package let own: Terminal
    package let site: Site
    package let plan: SoundPlan
    package let ownPort: UInt16
    /// A slow processor: A-law or µ-law and no canceller; where the echo is bad, one side at a time.
    package let isLight: Bool
    private let keys: [TerminalID: CallKeys]

    /// `isGateway`: this process is the command room's telephone.
    package init(
        _ config: TerminalConfig, keys: LinkKeys, isGateway: Bool = false, isLight: Bool = false
    ) throws(Fault) {
        self.isLight = isLight
        var (known, listed) = (config.sound, config.site)
        if let gateway = known?.gateway {
            known?.ports[gateway.id] = gateway.port
            listed.terminals.append(gateway)
        }
        let name = isGateway ? known?.gateway?.id : config.terminal
        guard let plan = known, let own = name.flatMap({ listed.terminal($0) }), let port = plan.ports[own.id]
        else {
            throw Fault(
                "read configuration", at: config.terminal.text, cause: "this terminal has no sound",
                hint: "Add 'sound:' to the site file and 'card:' to its board file, then watchpost apply.")
        }
        (self.own, self.plan, site, ownPort) = (own, plan, listed, port)
        let others = listed.terminals.filter { $0.id != own.id }
        self.keys = Dictionary(
            others.compactMap { other in
                CallKeys(keys, peer: other.publicKey).map { (other.id, $0) }
            }, uniquingKeysWith: { first, _ in first })
    }

    package func keys(_ terminal: TerminalID) -> CallKeys? { keys[terminal] }

    /// Addresses that are looked at: of terminals, phones and registrars, and of nobody else.
    package var admitted: Set<UInt32> {
        Set(
            site.terminals.filter { plan.ports[$0.id] != nil }.map(\.address)
                + plan.phones.map(\.address) + plan.registrars.map(\.address))
    }

    /// Whom a certificate may name.
    package var names: [String] { admitted.sorted().map { DatagramSocket.text($0) } }

    package func isOfficer(_ id: OfficerID?) -> Bool {
        guard let id else { return true }
        return site.officers.contains { $0.id == id }
    }

    package func party(named name: String) -> Party? {
        if let id = TerminalID(name), id != own.id, plan.ports[id] != nil { return .terminal(id) }
        return plan.phones.contains { $0.name == name } ? .phone(name) : nil
    }

    package func phone(_ name: String) -> Phone? { plan.phones.first { $0.name == name } }

    /// nil: it cannot be reached.
    package func uri(_ party: Party) -> String? {
        switch party {
        case .terminal(let id):
            guard let terminal = site.terminal(id), let port = plan.ports[id] else { return nil }
            return SIPRequest.uri(user: id.text, host: terminal.address, port: port)
        case .phone(let name):
            guard let phone = phone(name) else { return nil }
            return SIPRequest.uri(
                user: phone.user, host: phone.address, port: phone.port, phone.transport.sip)
        }
    }

    /// A caller without a header of ours: a phone by address and name, or who comes by a registrar.
    package func caller(_ request: SIPRequest) -> Party? {
        let phones = plan.phones.filter {
            $0.address == request.source && $0.user == request.fromUser
                && ($0.transport == .tls) == (request.transport == .tls)
        }
        if let phone = phones.first { return .phone(phone.name) }
        let registrars = plan.registrars.filter {
            $0.address == request.source && $0.port == request.sourcePort
        }
        return registrars.isEmpty ? nil : .phone(request.fromUser)
    }

    package func policy(_ party: Party) -> VoicePolicy {
        var policy = VoicePolicy()
        if isLight { policy.codecs = [.pcma, .pcmu] }
        switch party {
        case .terminal:
            policy.redundancy = !isLight
            policy.frameMs = 10
        case .phone(let name):
            let phone = phone(name)
            switch phone?.secrecy {
            case .dtls:
                policy.secrecy = .dtls
                policy.fingerprint = VoiceHandshake.fingerprint ?? []
            case .sdes: policy.secrecy = .required
            case .off: policy.secrecy = plan.secrecyRequired ? .required : .off
            case nil:
                let isSealed = phone?.transport == .tls
                policy.secrecy = plan.secrecyRequired ? .required : isSealed ? .allowed : .off
            }
        }
        return policy
    }

    /// Who hears an alarm of ours with so many steps of the ladder taken.
    package func targets(steps: Int) -> [Party] {
        let posts = site.rings(of: own.id, except: own.id).prefix(steps + 1).joined().filter {
            plan.ports[$0] != nil
        }
        let phones = plan.phones.filter { $0.step > 0 && Int($0.step) <= steps }
        return posts.map { .terminal($0) } + phones.map { .phone($0.name) }
    }
}

extension PhoneTransport {
    var sip: SIPRequest.Transport {
        switch self {
        case .udp: .udp
        case .tcp: .tcp
        case .tls: .tls
        }
    }
}
