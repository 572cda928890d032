// SPDX-License-Identifier: Apache-2.0
import Facility
import Paging
import Testing

struct PageEntryTests {
    @Test func entry_isTheSame_whenReadBack() {
        let entry = PageEntry(
            .pageCut, [("from", "post-a"), ("by", nil), ("heardMs", "7"), ("note", "a\nb\0c"), ("x", "")])
        #expect(PageEntry(entry.payload) == entry)
        #expect(entry["from"] == "post-a" && entry["note"] == "abc" && entry["by"] == nil)
        #expect(entry.words.count == 4)
        #expect(PageEntry(Array("step=nothing".utf8)) == nil && PageEntry([0]) == nil)
        #expect(PlayEntry(entry.payload) == nil, "another kind")
    }

    @Test func kinds_areNone_ofTheDay() {
        let days = Set(PlayEntry.Step.allCases.map(\.rawValue))
        #expect(days.isDisjoint(with: PageEntry.Step.allCases.map(\.rawValue)))
        #expect(PageEntry.Step.allCases.allSatisfy { !$0.phrase.zh.isEmpty && !$0.phrase.en.isEmpty })
    }
}
