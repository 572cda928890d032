// SPDX-License-Identifier: Apache-2.0
import Alarms
import Facility
import SyncAgent

//  city's console ─ order ─> facility's hub (OrderPoll) ─ order ─> terminal, which decides ─> answers

/// An officer's deed goes to where the alarm's truth is: to the hub below that brings it, or to its terminal.
///
/// Pure but for the desks it asks. Always true: nothing is decided here; who is silent is said to be silent.
enum AlarmDeeds {
    /// `withinMs`: how long somebody waits for it.
    static func perform(
        _ action: OfficerAction, on alarm: HubAlarm, by officer: OfficerID?, _ hub: HubParts,
        withinMs: Int = Limits.orderAnswerMs
    ) async throws -> OrderDesk.Outcome {
        guard let place = await whoDoesIt(alarm, hub) else { return .silent }
        return try await hub.orders.perform(
            action, on: alarm.record.id, at: place, by: officer, withinMs: withinMs)
    }

    /// The hub below; else the terminal that owns the truth, and when it is silent a post that hears its
    /// alarms and lives.
    private static func whoDoesIt(_ alarm: HubAlarm, _ hub: HubParts) async -> TerminalID? {
        let origin = alarm.record.id.terminal
        if let below = hub.roster.carrier(of: origin) {
            return await hub.wall.isAlive(below) ? below : nil
        }
        let posts = hub.site.rings(of: origin, except: origin).flatMap { $0 }
        for terminal in [alarm.custodian, origin] + posts where await hub.wall.isAlive(terminal) {
            return terminal
        }
        return nil
    }

    /// An order of the hub above, done as if an officer of this one had given it, and written down here.
    static func perform(_ order: Order, _ hub: HubParts) async -> OrderAnswer {
        let outcome = await outcome(of: order, hub)
        let subject = [order.kind, order.alarm ?? "-", order.officer ?? "-"].joined(separator: " ")
        do {
            try await hub.audit(
                AuditNote(
                    who: "above", what: "hub.order", subject: subject, outcome: outcome.refusal ?? "done"))
        } catch { return OrderAnswer(refusal: outcome.refusal, cause: "done here, but not written down") }
        return outcome
    }

    private static func outcome(of order: Order, _ hub: HubParts) async -> OrderAnswer {
        guard let action = OfficerAction(wireName: order.kind) else {
            return OrderAnswer(refusal: "\(AlarmRefusal.notAllowed)")
        }
        guard let id = order.alarm.flatMap({ EventID($0) }),
            let alarm = try? await hub.store.read({ try $0.alarm(id) })
        else { return OrderAnswer(refusal: "\(AlarmRefusal.unknownAlarm)") }
        let officer = order.officer.flatMap { OfficerID($0) }
        switch try? await perform(action, on: alarm, by: officer, hub, withinMs: Limits.orderBelowMs) {
        case .done: return OrderAnswer()
        case .refused(let refusal): return OrderAnswer(refusal: "\(refusal)")
        case .silent, nil: return OrderAnswer(refusal: "\(AlarmRefusal.cellUnreachable)")
        }
    }
}
