// SPDX-License-Identifier: Apache-2.0
package import Console
package import Facility
import Synchronization

/// Who is where, as the store lists it now: a facility that is listed below, or another site, is seen
/// without a restart.
///
/// Any task. Always true: `site` and `book` are of one reading.
package final class HubPlaces: Sendable {
    private struct Known: Equatable {
        var site: Site
        var book: PlaceBook
    }

    private let known: Mutex<Known>

    package init(site: Site, zoneTitles: [ZoneID: String]) {
        known = Mutex(Known(site: site, book: PlaceBook(site: site, zoneTitles: zoneTitles)))
    }

    package var site: Site { known.withLock { $0.site } }
    package var book: PlaceBook { known.withLock { $0.book } }

    /// True where it is another than before.
    func follow(_ site: Site, zoneTitles: [ZoneID: String]) -> Bool {
        let fresh = Known(site: site, book: PlaceBook(site: site, zoneTitles: zoneTitles))
        return known.withLock { known in
            defer { known = fresh }
            return known != fresh
        }
    }
}
