// SPDX-License-Identifier: Apache-2.0
package import Facility

/// Why an entry may not be made: a sentence for the one who tried. A value; any thread.
package enum LedgerRefusal: Error, Hashable, Sendable {
    case noPackInForce(CivilDay)
    case otherPackInForce(RulePackID)
    case unknownItem(RuleItemID)
    case pointsNotTheRules(Points, ClosedRange<Points>)
    case roleMayNot(Role)
    case evidenceMissing
    case personNotHere(CivilDay)
    case wrongSubject
    case dayToCome(CivilDay)
    case noSuchEntry
    case reversedAlready(CivilDay)
    case reasonMissing
    case signedAlready
    case objectedAlready
    case termOver(CivilDay)
    case notTheirs
    case noAnswerYet
    case answeredAlready
    case namesMissing(Int)
    case notAMonday
    case monthRuns(CivilDay)
    case closedAlready
    case previousMonthOpen(CivilMonth)
    case weekUnreviewed(CivilDay)
    case entryUnsigned(EventID)
    case notClosed
    case publishedAlready(CivilDay)
    case tooLong

    package var phrase: Phrase {
        switch self {
        case .noPackInForce(let day): Phrase("\(day) 没有生效的计分规则。", "No rules are in force on \(day).")
        case .otherPackInForce(let id):
            Phrase("行为当日生效的是规则 \(id)。", "On the day of the act the rules \(id) are in force.")
        case .unknownItem(let id): Phrase("规则中没有条款 \(id)。", "The rules have no item \(id).")
        case .pointsNotTheRules(let points, let range):
            range.lowerBound == range.upperBound
                ? Phrase(
                    "该条款为 \(range.lowerBound) 分，不是 \(points) 分。",
                    "The item is \(range.lowerBound) points, not \(points).")
                : Phrase(
                    "该条款为 \(range.lowerBound) 至 \(range.upperBound) 分。",
                    "The item is \(range.lowerBound) to \(range.upperBound) points.")
        case .roleMayNot(let role):
            Phrase("您的身份（\(role.rawValue)）无权记录该条款。", "A \(role.rawValue) may not enter this item.")
        case .evidenceMissing: Phrase("该条款须附证据。", "This item needs evidence with it.")
        case .personNotHere(let day): Phrase("该人员 \(day) 不在押。", "This person is not here on \(day).")
        case .wrongSubject:
            Phrase("该条款的记分对象不符（个人或监室）。", "This item is of the other kind: a person's, or a cell's.")
        case .dayToCome(let day): Phrase("\(day) 尚未到来。", "\(day) is yet to come.")
        case .noSuchEntry: Phrase("没有这条记录。", "There is no such entry.")
        case .reversedAlready(let day): Phrase("该记录已于 \(day) 冲正。", "It was reversed on \(day) already.")
        case .reasonMissing: Phrase("须写明理由。", "A reason is needed.")
        case .signedAlready: Phrase("您已署名。", "You stand by it already.")
        case .objectedAlready: Phrase("该异议已登记。", "This objection is entered already.")
        case .termOver(let day): Phrase("期限已于 \(day) 届满。", "The term ended on \(day).")
        case .notTheirs: Phrase("该记录不是此人的。", "This entry is another person's.")
        case .noAnswerYet: Phrase("复查尚未答复。", "The review has no answer yet.")
        case .answeredAlready: Phrase("该异议已答复。", "This objection is answered already.")
        case .namesMissing(let count):
            Phrase("至少需要 \(count) 名民警署名。", "At least \(count) officers must stand by it by name.")
        case .notAMonday: Phrase("一周从星期一算起。", "A week is named by its Monday.")
        case .monthRuns(let last): Phrase("该月 \(last) 才结束。", "The month runs until \(last).")
        case .closedAlready: Phrase("该月已结。", "The month is closed already.")
        case .previousMonthOpen(let month): Phrase("\(month) 尚未月结。", "\(month) is not closed yet.")
        case .weekUnreviewed(let week):
            Phrase("\(week) 起的一周尚未集体评议。", "The week of \(week) was not reviewed by enough officers.")
        case .entryUnsigned(let id): Phrase("记录 \(id) 署名不足。", "Entry \(id) lacks a signature.")
        case .notClosed: Phrase("该月尚未月结。", "The month is not closed yet.")
        case .publishedAlready(let day): Phrase("已于 \(day) 公示。", "It was published on \(day) already.")
        case .tooLong: Phrase("文字过长或附件过多。", "The text is too long, or too much is attached.")
        }
    }
}
