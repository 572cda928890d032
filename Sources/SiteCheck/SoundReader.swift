// SPDX-License-Identifier: Apache-2.0
package import Facility
import Yams

/// `sound:` of a site as written; the card of each terminal comes from its board. A value.
package struct SoundSheet: Hashable, Sendable {
    /// Where a terminal does not say its own.
    package var port: UInt16
    package var ports: [TerminalID: UInt16]
    package var phones: [Phone]
    package var registrars: [Registrar]
    package var tls: SoundPlan.TLS?
    package var secrecyRequired: Bool
    /// Its key is empty while it says `generate`.
    package var gateway: Terminal?
    /// Of the hub, for recordings; empty: they are kept as they are.
    package var recordingKey: [UInt8]
    package var pages: PagePlan?

    /// What one terminal is told; `card` nil: its board has none.
    package func plan(card: CardName?, canceller: CancellerName = .adaptive) -> SoundPlan? {
        card.map {
            SoundPlan(
                card: $0, ports: ports, phones: phones, registrars: registrars, tls: tls,
                secrecyRequired: secrecyRequired, gateway: gateway, canceller: canceller,
                recordingKey: recordingKey, pages: pages)
        }
    }
}

/// Reads `sound:` of a site. Lives for one check.
struct SoundReader {
    let sheet: Sheet
    private static let transports: [(String, PhoneTransport)] = [("udp", .udp), ("tcp", .tcp), ("tls", .tls)]

    func sound(_ site: Fields, zones: [ZoneEntry], terminals: [TerminalEntry]) -> SoundSheet? {
        guard let node = site["sound"],
            let fields = sheet.fields(
                node, of: ("'sound'", "“sound”"),
                known: ["port", "secrecy", "tls", "phones", "registrars", "gateway", "recordings", "pages"],
                required: [])
        else { return nil }
        let port = self.port("port", fields) ?? 5_060
        var ports: [TerminalID: UInt16] = [:]
        for entry in terminals { ports[entry.terminal.id] = self.port("sip", entry.fields) ?? port }
        inspectPorts(terminals, ports)
        let secrecy = fields.choice("secrecy", among: [("allowed", false), ("required", true)]) ?? false
        let sound = SoundSheet(
            port: port, ports: ports, phones: phones(fields), registrars: registrars(fields),
            tls: tls(fields), secrecyRequired: secrecy, gateway: gateway(fields, terminals),
            recordingKey: recordingKey(fields),
            pages: PagesReader(sheet: sheet, zones: zones, terminals: terminals).pages(fields))
        let needsTLS = (sound.phones.map(\.transport) + sound.registrars.map(\.transport)).contains(.tls)
        if needsTLS, sound.tls == nil {
            sheet.note(
                fields.mark,
                ("a phone or registrar uses TLS, and 'tls' is missing", "有电话或注册服务器使用 TLS，但缺少“tls”"),
                ("Add 'tls:' with port, certificate and authority", "请添加“tls:”及 port、certificate、authority"))
        }
        return sound
    }

    /// Terminals of one address cannot share a port.
    private func inspectPorts(_ terminals: [TerminalEntry], _ ports: [TerminalID: UInt16]) {
        var taken: [String: TerminalID] = [:]
        for entry in terminals {
            guard let port = ports[entry.terminal.id] else { continue }
            let place = Scalars.endpointText(entry.terminal.address, port)
            if let other = taken[place] {
                sheet.note(
                    entry.fields.mark("sip"),
                    (
                        "\(entry.terminal.id) speaks at \(place) like \(other)",
                        "\(entry.terminal.id) 与 \(other) 的通话地址相同：\(place)"
                    ), ("Give it a port of its own: 'sip: 5061'", "给它单独的端口：“sip: 5061”"))
            }
            taken[place] = entry.terminal.id
        }
    }

    private func port(_ key: String, _ fields: Fields) -> UInt16? {
        guard let text = fields.text(key) else { return nil }
        if let port = UInt16(text), port > 0, "\(port)" == text { return port }
        sheet.note(
            fields.mark(key), ("'\(text.shown)' is no port", "“\(text.shown)”不是端口"),
            ("Write a number from 1 to 65535", "写 1 至 65535 的数字"))
        return nil
    }

    private func phones(_ fields: Fields) -> [Phone] {
        var names: Set<String> = []
        return (fields["phones"] == nil ? [] : fields.list("phones") ?? []).compactMap { node in
            guard
                let phone = sheet.fields(
                    node, of: ("a phone", "电话"),
                    known: ["name", "user", "address", "transport", "step", "srtp"],
                    required: ["name", "user", "address"])
            else { return nil }
            let step = phone.text("step").map { UInt8($0) ?? .max } ?? 0
            if Int(step) > Limits.ladderStepsMaxCount {
                sheet.note(
                    phone.mark("step"), ("'step' is no step of the ladder", "“step”不是升级阶梯的一级"),
                    ("Write 1 for the first step, or leave it out", "第一级写 1，或不写"))
            }
            guard let name = phone.text("name"), let user = name16(phone, "user"),
                let endpoint = endpoint(phone)
            else { return nil }
            if !names.insert(name).inserted {
                sheet.note(
                    phone.mark("name"), ("phone '\(name)' stands twice", "电话“\(name)”重复"),
                    ("Give each phone a name of its own", "每部电话使用各自的名称"))
            }
            let transport = phone.choice("transport", among: Self.transports) ?? .udp
            let secrecy = phone.choice("srtp", among: PhoneSecrecy.allCases.map { ($0.rawValue, $0) })
            if secrecy == .sdes, transport != .tls {
                sheet.note(
                    phone.mark("srtp"),
                    ("keys of 'sdes' would stand readable on the wire", "“sdes”的密钥会以明文传输"),
                    ("Write 'transport: tls', or 'srtp: dtls'", "请写“transport: tls”或“srtp: dtls”"))
            }
            return Phone(
                name: name, user: user, address: endpoint.address, port: endpoint.port,
                transport: transport, step: step, secrecy: secrecy)
        }
    }

    /// The user part of an address: letters and digits that need no escape.
    private func name16(_ fields: Fields, _ key: String) -> String? {
        guard let text = fields.text(key) else { return nil }
        if text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f && !"@:;<>\"\\/?#%&,".utf8.contains($0) }) {
            return text
        }
        sheet.note(
            fields.mark(key), ("'\(text.shown)' is no user of a SIP address", "“\(text.shown)”不是 SIP 地址的用户"),
            ("Write the part before the @, such as 201", "写 @ 之前的部分，例如 201"))
        return nil
    }

    private func endpoint(_ fields: Fields) -> (address: UInt32, port: UInt16)? {
        guard let text = fields.text("address") else { return nil }
        if let endpoint = Scalars.endpoint(text) { return endpoint }
        sheet.note(
            fields.mark("address"),
            ("'\(text.shown)' is no IPv4 address with a port", "“\(text.shown)”不是带端口的 IPv4 地址"),
            ("Write it like 10.20.1.9:5060", "写成 10.20.1.9:5060"))
        return nil
    }

    private func registrars(_ fields: Fields) -> [Registrar] {
        (fields["registrars"] == nil ? [] : fields.list("registrars") ?? []).compactMap { node in
            guard
                let entry = sheet.fields(
                    node, of: ("a registrar", "注册服务器"),
                    known: ["address", "transport", "realm", "password"],
                    required: ["address", "realm", "password"]),
                let endpoint = endpoint(entry), let realm = entry.text("realm"),
                let password = path("password", entry)
            else { return nil }
            return Registrar(
                address: endpoint.address, port: endpoint.port,
                transport: entry.choice("transport", among: Self.transports) ?? .udp, realm: realm,
                passwordPath: password)
        }
    }

    private func gateway(_ fields: Fields, _ terminals: [TerminalEntry]) -> Terminal? {
        guard let node = fields["gateway"],
            let entry = sheet.fields(
                node, of: ("'gateway'", "“gateway”"), known: ["id", "title", "address", "public-key"],
                required: ["id", "title", "address", "public-key"]),
            let id: TerminalID = entry.identifier("id"), let title = entry.text("title"),
            let endpoint = endpoint(entry), let key = TerminalReader(sheet: sheet).key(entry, of: id),
            let zone = ZoneID(id.text)
        else { return nil }
        if terminals.contains(where: { $0.terminal.id == id }) {
            sheet.note(
                entry.mark("id"), ("a terminal is called \(id) already", "已有终端名为 \(id)"),
                ("Give the gateway a name of its own", "给网关单独的名称"))
        }
        return Terminal(
            id: id, role: .post, zone: zone, title: title, address: endpoint.address, port: endpoint.port,
            publicKey: key)
    }

    private func recordingKey(_ fields: Fields) -> [UInt8] {
        guard let node = fields["recordings"],
            let entry = sheet.fields(
                node, of: ("'recordings'", "“recordings”"), known: ["key"], required: ["key"]),
            let text = entry.text("key")
        else { return [] }
        if let key = Scalars.publicKey(text) { return key }
        sheet.note(
            entry.mark("key"), ("'key' is no key of 64 digits", "“key”不是 64 位密钥"),
            ("Write what 'watchpost-hub --recording-key' prints", "写“watchpost-hub --recording-key”所输出的内容"))
        return []
    }

    private func tls(_ fields: Fields) -> SoundPlan.TLS? {
        guard let node = fields["tls"],
            let entry = sheet.fields(
                node, of: ("'tls'", "“tls”"), known: ["port", "certificate", "authority"],
                required: ["certificate", "authority"]),
            let certificate = path("certificate", entry), let authority = path("authority", entry)
        else { return nil }
        return .init(port: port("port", entry) ?? 5_061, certificate: certificate, authority: authority)
    }

    private func path(_ key: String, _ fields: Fields) -> String? {
        guard let text = fields.text(key, max: Limits.pathMaxBytes) else { return nil }
        if text.hasPrefix("/"), text.count > 1 { return text }
        sheet.note(
            fields.mark(key), ("'\(key)' is no absolute path", "“\(key)”不是绝对路径"),
            ("Begin it with '/': the file on the terminal", "以“/”开头：终端上的文件"))
        return nil
    }
}
