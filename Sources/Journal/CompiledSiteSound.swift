// SPDX-License-Identifier: Apache-2.0
import Facility

// What `watchpost-sound` is told, within the configuration database: tables of its own, so that a file from
// before there was sound is read as one without.

extension CompiledSiteTables {
    static let soundSchema = """

        CREATE TABLE sound (
            card TEXT NOT NULL, secrecy INTEGER NOT NULL, tls_port INTEGER NOT NULL,
            certificate TEXT NOT NULL, authority TEXT NOT NULL);
        CREATE TABLE sound_ports (terminal TEXT PRIMARY KEY, port INTEGER NOT NULL);
        CREATE TABLE phones (
            place INTEGER PRIMARY KEY, name TEXT NOT NULL, user TEXT NOT NULL, address INTEGER NOT NULL,
            port INTEGER NOT NULL, transport INTEGER NOT NULL, step INTEGER NOT NULL);
        CREATE TABLE registrars (
            place INTEGER PRIMARY KEY, address INTEGER NOT NULL, port INTEGER NOT NULL,
            transport INTEGER NOT NULL, realm TEXT NOT NULL, password_path TEXT NOT NULL);
        CREATE TABLE gateway (
            id TEXT PRIMARY KEY, zone TEXT NOT NULL, title TEXT NOT NULL, address INTEGER NOT NULL,
            port INTEGER NOT NULL, public_key BLOB NOT NULL);
        CREATE TABLE sound_words (word TEXT PRIMARY KEY, value BLOB NOT NULL);
        """

    /// What came later, where it is not as it was before: a file without these words means the same as ever.
    static func words(_ sound: SoundPlan) -> [(word: String, value: [UInt8])] {
        var words: [(word: String, value: [UInt8])] = []
        if sound.canceller != .adaptive { words.append(("canceller", Array(sound.canceller.rawValue.utf8))) }
        if !sound.recordingKey.isEmpty { words.append(("recording key", sound.recordingKey)) }
        for phone in sound.phones {
            guard let secrecy = phone.secrecy else { continue }
            words.append(("srtp of " + phone.name, Array(secrecy.rawValue.utf8)))
        }
        return words
    }

    static func add(_ sound: SoundPlan, to bytes: inout CanonicalBytes) {
        bytes.add(sound.card.text)
        bytes.add(sound.secrecyRequired ? 1 : 0)
        bytes.add(Int64(sound.tls?.port ?? 0))
        bytes.add(sound.tls?.certificate ?? "")
        bytes.add(sound.tls?.authority ?? "")
        bytes.addAll(sound.ports.sorted { $0.key < $1.key }) { bytes, entry in
            bytes.add(entry.key.text)
            bytes.add(Int64(entry.value))
        }
        bytes.addAll(sound.phones) { bytes, phone in
            bytes.add(phone.name)
            bytes.add(phone.user)
            for number in [Int64(phone.address), Int64(phone.port), Int64(phone.transport.rawValue)] {
                bytes.add(number)
            }
            bytes.add(Int64(phone.step))
        }
        bytes.addAll(sound.registrars) { bytes, registrar in
            bytes.add(registrar.realm)
            bytes.add(registrar.passwordPath)
            bytes.add(Int64(registrar.address))
            bytes.add(Int64(registrar.port))
            bytes.add(Int64(registrar.transport.rawValue))
        }
        bytes.addAll(sound.gateway.map { [$0] } ?? []) { bytes, gateway in
            for text in [gateway.id.text, gateway.zone.text, gateway.title] { bytes.add(text) }
            for number in [Int64(gateway.address), Int64(gateway.port)] { bytes.add(number) }
            bytes.addAll(gateway.publicKey) { $0.add(Int64($1)) }
        }
        for (word, value) in words(sound) {
            bytes.add(word)
            bytes.addAll(value) { $0.add(Int64($1)) }
        }
        if let pages = sound.pages { add(pages, to: &bytes) }
    }
}

extension CompiledSiteWriter {
    func write(_ sound: SoundPlan) throws(DatabaseFault) {
        try insert(
            "sound",
            [
                .text(sound.card.text), .integer(sound.secrecyRequired ? 1 : 0),
                .integer(Int64(sound.tls?.port ?? 0)), .text(sound.tls?.certificate ?? ""),
                .text(sound.tls?.authority ?? ""),
            ])
        for (terminal, port) in sound.ports.sorted(by: { $0.key < $1.key }) {
            try insert("sound_ports", [.text(terminal.text), .integer(Int64(port))])
        }
        for (place, phone) in sound.phones.enumerated() {
            try insert(
                "phones",
                [
                    .integer(Int64(place)), .text(phone.name), .text(phone.user),
                    .integer(Int64(phone.address)), .integer(Int64(phone.port)),
                    .integer(Int64(phone.transport.rawValue)), .integer(Int64(phone.step)),
                ])
        }
        for (place, registrar) in sound.registrars.enumerated() {
            try insert(
                "registrars",
                [
                    .integer(Int64(place)), .integer(Int64(registrar.address)),
                    .integer(Int64(registrar.port)), .integer(Int64(registrar.transport.rawValue)),
                    .text(registrar.realm), .text(registrar.passwordPath),
                ])
        }
        if let pages = sound.pages { try write(pages) }
        if let gateway = sound.gateway {
            try insert(
                "gateway",
                [
                    .text(gateway.id.text), .text(gateway.zone.text), .text(gateway.title),
                    .integer(Int64(gateway.address)), .integer(Int64(gateway.port)),
                    .bytes(gateway.publicKey),
                ])
        }
        for (word, value) in CompiledSiteTables.words(sound) {
            try insert("sound_words", [.text(word), .bytes(value)])
        }
    }
}

extension CompiledSiteReader {
    private static let ports: ClosedRange<Int64> = 1...Int64(UInt16.max)
    private static let addresses: ClosedRange<Int64> = 1...Int64(UInt32.max)

    /// nil: a terminal without sound, or a file from before.
    func sound() throws(CompiledSiteDamage) -> SoundPlan? {
        let known = try rows("SELECT count(*) FROM sqlite_master WHERE name = 'sound'").first
        guard try known?.integer(0) == 1,
            let row = try rows(
                "SELECT card, secrecy, tls_port, certificate, authority FROM sound", columns: 5
            ).first
        else { return nil }
        guard let card = CardName(try row.text(0)) else {
            throw CompiledSiteDamage(cause: "its card has no name that this version knows")
        }
        let tlsPort = try row.integer(2, in: 0...Int64(UInt16.max))
        var plan = SoundPlan(card: card, ports: [:], secrecyRequired: try row.integer(1) == 1)
        if tlsPort > 0 {
            plan.tls = .init(
                port: UInt16(tlsPort), certificate: try row.text(3), authority: try row.text(4))
        }
        for row in try rows("SELECT terminal, port FROM sound_ports", columns: 2) {
            plan.ports[try row.identifier(0)] = UInt16(try row.integer(1, in: Self.ports))
        }
        plan.phones = try rows(
            "SELECT name, user, address, port, transport, step FROM phones ORDER BY place", columns: 6
        ).map { row throws(CompiledSiteDamage) in
            Phone(
                name: try row.text(0), user: try row.text(1),
                address: UInt32(try row.integer(2, in: Self.addresses)),
                port: UInt16(try row.integer(3, in: Self.ports)), transport: try row.choice(4),
                step: UInt8(try row.integer(5, in: 0...Int64(Limits.ladderStepsMaxCount))))
        }
        plan.registrars = try rows(
            "SELECT address, port, transport, realm, password_path FROM registrars ORDER BY place",
            columns: 5
        ).map { row throws(CompiledSiteDamage) in
            Registrar(
                address: UInt32(try row.integer(0, in: Self.addresses)),
                port: UInt16(try row.integer(1, in: Self.ports)), transport: try row.choice(2),
                realm: try row.text(3), passwordPath: try row.text(4))
        }
        plan.gateway = try rows(
            "SELECT id, zone, title, address, port, public_key FROM gateway", columns: 6
        ).first.map { row throws(CompiledSiteDamage) in
            Terminal(
                id: try row.identifier(0), role: .post, zone: try row.identifier(1), title: try row.text(2),
                address: UInt32(try row.integer(3, in: Self.addresses)),
                port: UInt16(try row.integer(4, in: Self.ports)), publicKey: try row.bytes(5))
        }
        try read(words: &plan)
        plan.pages = try pages()
        return plan
    }

    private func read(words plan: inout SoundPlan) throws(CompiledSiteDamage) {
        let known = try rows("SELECT count(*) FROM sqlite_master WHERE name = 'sound_words'").first
        guard try known?.integer(0) == 1 else { return }
        var words: [String: [UInt8]] = [:]
        for row in try rows("SELECT word, value FROM sound_words", columns: 2) {
            words[try row.text(0)] = try row.bytes(1)
        }
        func choice<Choice: RawRepresentable<String>>(_ word: String) throws(CompiledSiteDamage) -> Choice? {
            guard let value = words.removeValue(forKey: word) else { return nil }
            if let choice = Choice(rawValue: String(decoding: value, as: UTF8.self)) { return choice }
            throw CompiledSiteDamage(cause: "its '\(word)' is nothing that this version knows")
        }
        plan.canceller = try choice("canceller") ?? .adaptive
        for place in plan.phones.indices {
            plan.phones[place].secrecy = try choice("srtp of " + plan.phones[place].name)
        }
        plan.recordingKey = words.removeValue(forKey: "recording key") ?? []
        guard [0, 32].contains(plan.recordingKey.count) else {
            throw CompiledSiteDamage(cause: "its key of recordings is none")
        }
        guard words.isEmpty else { throw CompiledSiteDamage(cause: "it says more than this version knows") }
    }
}
