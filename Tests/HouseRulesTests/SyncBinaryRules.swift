// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

/// What the sync process that ships must not contain, asked of the binary itself.
struct SyncBinaryRules {
    /// A static build, not stripped.
    static let binary = ProcessInfo.processInfo.environment["WATCHPOST_SYNC_STATIC"]

    /// Foundation beyond its essentials; a name's length stands before it, so `20FoundationEssentials` is
    /// none.
    static let unwanted = #"(?<!\d)(10Foundation|30FoundationInternationalization|14_FoundationICU)[A-Z0-9]"#

    @Test(
        .enabled(if: binary != nil, "WATCHPOST_SYNC_STATIC names no binary: `make build` builds one"),
        .enabled(if: Program.find("nm") != nil, "nm is not on this machine: apt-get install binutils"))
    func syncProcess_contains_noFoundationButItsEssentials() throws {
        let (nm, binary) = (try #require(Program.find("nm")), try #require(Self.binary))
        let listing = try Program.run(nm, [binary])
        #expect(listing.status == 0, "\(listing.output.prefix(500))")
        #expect(
            listing.output.contains(" T main") && listing.output.contains("swift_retain"),
            "\(binary) shows no symbols: it must be the static build, not stripped")
        let found = listing.output.captures(of: "((?:\(Self.unwanted)).{0,60})")
        #expect(
            found.isEmpty,
            """
            watchpost-sync contains the whole of Foundation: \(found.prefix(3).joined(separator: " · "))
              why: it has 26 MB, and Foundation costs 14
              instead: import FoundationEssentials; see which import pulls the rest in
            """)
    }

    @Test(arguments: [
        "0000 T $s10Foundation4DataV5countSivg", "0000 T $sSS10FoundationE4data5usingAA4DataVSg",
        "0000 t $s30FoundationInternationalization6LocaleV",
    ])
    func unwanted_isSeen_inAListing(line: String) { #expect(line.contains(pattern: Self.unwanted)) }

    @Test(arguments: [
        "0000 t $s20FoundationEssentials4DateV", "0000 T $sSS20FoundationEssentialsE4data5usingAA4DataVSg",
    ])
    func essentials_areLeftAlone_inAListing(line: String) {
        #expect(!line.contains(pattern: Self.unwanted))
    }
}
