// SPDX-License-Identifier: Apache-2.0

/// The same thing in Chinese and in English, as every screen, page and refusal carries it. A value; any
/// thread.
package struct Phrase: Codable, Hashable, Sendable {
    package var zh: String
    package var en: String

    package init(_ zh: String, _ en: String) {
        self.zh = zh
        self.en = en
    }
}
