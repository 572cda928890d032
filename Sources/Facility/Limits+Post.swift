// SPDX-License-Identifier: Apache-2.0

/// The bounds of what comes down from the hub, and of a post's panel.
extension Limits {
    /// The hub is asked this often what it has for this terminal.
    package static let bundlesLookMs = 10_000
    /// A larger bundle is refused, at the hub and unread at the terminal.
    package static let bundleMaxBytes = 64 * 1_024 * 1_024
    /// A bundle comes in pieces of this size, each asked for by itself: so much is lost with a connection.
    package static let bundlePieceBytes = 256 * 1_024
    /// A longer manifest is none.
    package static let bundleManifestMaxBytes = 4 * 1_024
    /// A longer list of officers is refused.
    package static let peopleMaxBytes = 1_024 * 1_024
    /// The hub keeps the content of so many versions of a bundle; older ones go.
    package static let bundleVersionsCount = 3
    /// A PIN has at least so many digits; a longer one than the second is refused.
    package static let pinMinCount = 4
    package static let pinMaxCount = 12
    /// So many wrong PINs of one officer, and the next is heard only after the second.
    package static let pinTriesCount = 5
    package static let pinLockMs = 300_000
    /// Sessions at one panel; a further one ends the oldest.
    package static let panelSessionsMaxCount = 32
    /// Deeds under way at one panel; a further one is refused.
    package static let panelDeedsMaxCount = 8
    /// Refusals to nobody known that a panel writes down in a minute; further ones are counted in one entry.
    package static let panelRefusalsPerMinuteCount = 60
    /// The alarm process is asked this often how it and its peers are; the follower waits no longer for news.
    package static let panelStatusMs = 1_000
    package static let panelNewsMs = 250
    /// The newest entries of the post's own journal that its record is told from; older ones are at the hub.
    package static let panelEntriesMaxCount = 50_000
    /// The demonstration's panels know their officers by then, or the demo says why not.
    package static let demoPeopleMs = 15_000
}
