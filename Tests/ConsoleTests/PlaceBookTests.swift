// SPDX-License-Identifier: Apache-2.0
import Console
import Facility
import TestBoard
import Testing

struct PlaceBookTests {
    let book = makeBook(zones: 2, cells: 2)

    @Test func unknownThings_areCalledByTheirID_whenTheSiteForgotThem() {
        #expect(book.title(TerminalID.named("cell-9")) == "cell-9")
        #expect(book.name(.named("P9")) == "P9")
        #expect(book.title(ward1) == "ward-1")
    }

    @Test func areas_hideWhatHasNoZone_unlessAllIsSeen() {
        #expect(book.isSeen(cell1, in: [ward1]) && !book.isSeen(.named("cell-2001"), in: [ward1]))
        #expect(!book.isSeen(.named("cell-9"), in: [ward1]) && book.isSeen(.named("cell-9"), in: nil))
    }

    @Test func cells_areTheZonesOwn_withoutItsPost() {
        #expect(book.cells(of: ward1).map(\.id) == [cell1, cell2])
    }
}
