// SPDX-License-Identifier: Apache-2.0
import Facility
package import TalkLink

/// How a talk stands, for the page.
package struct TalkStateView: Codable, Hashable, Sendable {
    package var state: String
    package var delayMs: Int?
    package var lossPermille: Int?
    package var why: String?
    package var zh: String?
    package var en: String?

    package init(_ state: TalkState) {
        switch state {
        case .calling: self.state = "calling"
        case .talking(let delayMs, let lossPermille):
            self.state = "talking"
            self.delayMs = Int(delayMs)
            self.lossPermille = Int(lossPermille)
        case .ended(let end):
            self.state = "ended"
            (why, zh, en) = ("\(end)", end.phrase.zh, end.phrase.en)
        }
    }
}
