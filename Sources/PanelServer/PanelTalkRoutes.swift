// SPDX-License-Identifier: Apache-2.0
import Bundles
import Console
import ConsoleServer
import Facility
import HTTPTypes
import PanelLink
import TalkLink

/// Speaking from a post: its own loudspeaker and microphone; the page only says what to do. Whoever is there
/// may answer a cell, recorded as the post; to open one needs a login, and listening in a second person.
enum PanelTalkRoutes {
    static let all = [
        PanelRoute(
            .post, "/api/terminals/{id}/talk", .anyone, "Answers a cell, or opens one for a reason.",
            audit: "intercom.open",
            body: [
                ConsoleField("purpose", .oneOf(TalkPurpose.allCases.map { "\($0)" }), isRequired: true),
                ConsoleField("reason", .text(maxBytes: Limits.reasonMaxBytes)),
                ConsoleField("second", .text(maxBytes: 16)),
                ConsoleField("secondPassword", .text(maxBytes: Limits.pinMaxCount)),
            ], act: begin),
        PanelRoute(.get, "/api/talk", .anyone, "How this post's talk stands.", act: show),
        PanelRoute(
            .post, "/api/talk", .anyone, "Mutes, unmutes, hangs up; the key of push-to-talk.",
            body: [ConsoleField("act", .oneOf(TalkAct.allCases.map { "\($0)" }), isRequired: true)],
            act: act),
    ]

    private static let noSound = Refused(
        .gatewayTimeout, "noSound", "本岗位的语音程序没有应答，请派人到现场，并联系技术人员。",
        "This post's voice does not answer. Send somebody, and tell a technician.")

    private static func begin(_ call: PanelCall) async throws -> ConsoleAnswer {
        guard let terminal = call.path["id"].flatMap({ TerminalID($0) }),
            call.parts.book.place(terminal) != nil
        else { throw Refused(.notFound, ErrorView(.unknownTerminal)) }
        guard let purpose = TalkPurpose.allCases.first(where: { "\($0)" == call.text("purpose") }) else {
            throw Refused.badRequest("purpose")
        }
        let officer = call.actingOfficer
        if purpose == .answer {
            try await answer(terminal, officer, call)
        } else {
            guard let officer else { throw call.person == nil ? Refused.signedOut : Refused.notAllowed }
            let second = purpose == .listen ? try await second(call, besides: officer) : nil
            let request = TalkRequest(
                terminal: terminal, purpose: purpose, officer: officer, second: second,
                reason: call.text("reason") ?? "")
            guard let request else { throw ConsoleRefusal.reasonMissing }
            let grounds = CallGrounds(officer: officer, second: second, reason: request.reason)
            let mode: CallMode = purpose == .listen ? .listen : .talk
            try await command(.call(to: terminal.text, mode, grounds), officer, call)
        }
        return try await show(call)
    }

    /// The call that rings here; where it rings no longer, the cell is called.
    private static func answer(_ terminal: TerminalID, _ officer: OfficerID?, _ call: PanelCall) async throws
    {
        let ringing = try await calls(call).first { $0.far == terminal.text && $0.phase == .ringing }
        if let ringing { return try await command(.answer(ringing.id), officer, call) }
        guard await call.parts.wall.calls(terminal) else {
            throw Refused.noAlarm
        }
        let grounds = CallGrounds(officer: officer, reason: CallGrounds.answering)
        try await command(.call(to: terminal.text, .talk, grounds), officer, call)
    }

    /// The second person signs here and now, with a PIN of their own.
    private static func second(_ call: PanelCall, besides officer: OfficerID) async throws -> OfficerID {
        let missing = Refused(
            .conflict, "secondMissing", "监听须由另一名值班领导同意并输入口令。",
            "Listening in needs the consent and the PIN of another supervisor.")
        guard let number = call.text("second"), let pin = call.text("secondPassword"),
            case .entered(let secret, let session) = await call.parts.door.begin(
                number: number, pin: pin, now: PanelParts.now().uptime)
        else { throw missing }
        await call.parts.door.end(secret)
        guard session.officer.role == .supervisor, session.officer.id != officer else { throw missing }
        return session.officer.id
    }

    private static func calls(_ call: PanelCall) async throws -> [CallLine] {
        do { return try await call.parts.talk.calls() } catch { throw noSound }
    }

    private static func command(
        _ deed: SoundCommand.Deed, _ officer: OfficerID?, _ call: PanelCall
    ) async throws {
        let refusal: CallRefusal?
        do { refusal = try await call.parts.talk.command(deed, officer: officer) } catch { throw noSound }
        if let refusal { throw Refused(.conflict, ErrorView(code: "\(refusal)", refusal.phrase)) }
    }

    private static func show(_ call: PanelCall) async throws -> ConsoleAnswer {
        let line = try await calls(call).first { $0.phase != .ringing }
        guard let line else { return .json(TalkStateView(.ended(.hungUp))) }
        switch line.phase {
        case .offering, .ringing, .recording: return .json(TalkStateView(.calling))
        case .talking, .held:
            let delayMs = UInt16(clamping: max(0, line.mouthToEarMs))
            return .json(TalkStateView(.talking(delayMs: delayMs, lossPermille: 0)))
        }
    }

    private static func act(_ call: PanelCall) async throws -> ConsoleAnswer {
        guard let act = TalkAct.allCases.first(where: { "\($0)" == call.text("act") }) else {
            throw Refused.badRequest("act")
        }
        let deed: SoundCommand.Deed =
            switch act {
            case .mute: .mute(true)
            case .unmute: .mute(false)
            case .press: .push(true)
            case .release: .push(false)
            case .hangUp: .hangUp(nil)
            }
        try await command(deed, call.actingOfficer, call)
        return try await show(call)
    }
}

extension PanelCall {
    /// A technician's or an auditor's login is none for deeds: such a deed is the post's.
    var actingOfficer: OfficerID? {
        guard let officer = person?.officer, [.officer, .supervisor].contains(officer.role) else {
            return nil
        }
        return officer.id
    }
}
