// SPDX-License-Identifier: Apache-2.0
import ClipMaking
import Clips
import ConsoleServer
import Facility
import Foundation
import HTTPTypes
import NIOPosix

/// The library of voice units as people keep it: make, name, remove; and which terminal holds what.
enum ClipRoutes {
    private static let keepers: ConsoleRoute.Access = .roles([.technician, .administrator, .supervisor])

    static let all = [
        ConsoleRoute(
            .get, "/api/clips", keepers,
            """
            The library: its units, those that the timetable plays and it `lacks`, and what each terminal \
            last said that it holds: `version` of the index, `units` and `bytes` that are there, `missing`.
            """, act: list),
        ConsoleRoute(
            .post, "/api/clips", keepers,
            """
            A unit, new or in the place of one: of sound (base64 of a WAV, FLAC or Ogg file) or of a line of \
            text that espeak-ng speaks.
            """, audit: "clip.put",
            body: [
                ConsoleField("name", .text(maxBytes: UnitName.bytesMax), isRequired: true),
                ConsoleField("sound", .text(maxBytes: Limits.clipUploadMaxBytes)),
                ConsoleField("say", .text(maxBytes: Limits.clipTextMaxBytes)),
                ConsoleField("language", .oneOf(Speech.Language.allCases.map(\.rawValue))),
            ], bodyMaxBytes: Limits.clipUploadMaxBytes, act: put),
        ConsoleRoute(
            .post, "/api/clips/{id}/name", keepers, "Another name for a unit; timetables name it by that.",
            audit: "clip.rename",
            body: [ConsoleField("name", .text(maxBytes: UnitName.bytesMax), isRequired: true)], act: rename),
        ConsoleRoute(
            .delete, "/api/clips/{id}", keepers, "Removes a unit; terminals forget it, too.",
            audit: "clip.remove"
        ) { call in
            let name = try Self.name(call.path["id"])
            guard try await call.hub.library.remove(name, atMs: call.hub.clock.now().wallMs) else {
                throw Refused.notFound
            }
            return .json(JSONValue.object(["name": .text(name.text)]))
        },
    ]

    private static func list(_ call: ConsoleCall) async throws -> ConsoleAnswer {
        let (library, holdings) = (
            try await call.hub.library.library(), try await call.hub.library.holdings()
        )
        let lacks = try await call.hub.library.lacking(for: nil)
        let units = library?.index.units ?? []
        return .json(
            JSONValue.object([
                "version": .int(library?.version ?? 0), "speaks": .bool(Speech.isThere),
                "lacks": .list(lacks.map { .text($0) }),
                "units": .list(units.map(view)),
                "terminals": .list(
                    holdings.map { holding in
                        .object([
                            "id": .text(holding.terminal.text), "at": .int(holding.atMs),
                            "version": .int(holding.report.version),
                            "units": .int(Int64(holding.report.unitCount)),
                            "bytes": .int(holding.report.byteCount),
                            "missing": .int(Int64(holding.report.missingCount)),
                        ])
                    }),
            ]))
    }

    private static func view(_ unit: ClipUnit) -> JSONValue {
        .object([
            "name": .text(unit.name.text), "sha256": .text(unit.sha256), "ms": .int(Int64(unit.ms)),
        ])
    }

    private static func name(_ text: String?) throws -> UnitName {
        guard let name = text.flatMap({ UnitName($0) }), ClipIndex.isName(name) else {
            throw Refused.badRequest("name: 1–16 × A–Z a–z 0–9 - _ .")
        }
        return name
    }

    private static func put(_ call: ConsoleCall) async throws -> ConsoleAnswer {
        let name = try name(call.text("name"))
        let (sound, text) = (call.text("sound"), call.text("say"))
        guard (sound == nil) != (text == nil) else { throw Refused.badRequest("sound | say") }
        if text != nil, !Speech.isThere {
            throw Refused(
                .conflict, "noSpeech", "本机没有安装语音合成（espeak-ng），请安装或上传录音。",
                "espeak-ng is not installed at this hub: install it, or bring a recording.")
        }
        let bytes = sound.flatMap { Data(base64Encoded: $0) }
        if sound != nil, bytes == nil { throw Refused.badRequest("sound: base64") }
        let language = call.text("language").flatMap { Speech.Language(rawValue: $0) } ?? .zh
        let clip: MadeClip
        do {
            clip = try await NIOThreadPool.singleton.runIfActive {
                let source =
                    try bytes.map { try SoundSource(bytes: Array($0), name: name.text) }
                    ?? Speech.say(text ?? "", language)
                return try ClipMaker.make(source)
            }
        } catch let fault as Fault { throw refused(fault) }
        do {
            try await call.hub.library.put(name, clip, atMs: call.hub.clock.now().wallMs)
        } catch let fault as Fault { throw refused(fault) }
        return .json(
            JSONValue.object([
                "name": .text(name.text), "sha256": .text(ClipDigest.of(clip.bytes)),
                "ms": .int(Int64(clip.ms)), "gainDb": .number(clip.gainDb),
            ]))
    }

    private static func refused(_ fault: Fault) -> Refused {
        Refused(
            .badRequest, "badSound", "不能做成语音单元：\(fault.cause)。",
            "No unit can be made of it: \(fault.cause). \(fault.hint)")
    }

    private static func rename(_ call: ConsoleCall) async throws -> ConsoleAnswer {
        let (name, other) = (try name(call.path["id"]), try name(call.text("name")))
        let atMs = call.hub.clock.now().wallMs
        guard try await call.hub.library.rename(name, to: other, atMs: atMs) else { throw Refused.notFound }
        return .json(JSONValue.object(["name": .text(other.text)]))
    }
}
