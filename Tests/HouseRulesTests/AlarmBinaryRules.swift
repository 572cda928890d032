// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

/// What the alarm agent that ships must not contain, asked of the binary itself: `ldd` shows nothing in a
/// static one.
struct AlarmBinaryRules {
    /// Where `make test` built it; not stripped.
    static let binary = ProcessInfo.processInfo.environment["WATCHPOST_ALARM_STATIC"]

    /// What → how its symbols look in the listing of `nm`.
    static let unwanted = [
        "Foundation":
            #"\d(Foundation(Essentials|Internationalization)?|_FoundationICU)[A-Z0-9]"#,
        "NIO or another network library":
            #"\d(NIO[A-Z]\w*|Hummingbird|AsyncHTTPClient|HTTPTypes)\d| c_nio_|CNIO"#,
        "HTTP": #" (curl_easy_|nghttp2_|llhttp_|http_parser_|http_client_|http_listen)"#,
        "TLS": #" (SSL|OPENSSL|EVP|X509|BIO|TLS)_\w| (gnutls|mbedtls)_| tls_(alloc|conn)"#,
        "SIP": #" (re_main|re_printf|sip_(listen|transp_add|request)|sipsess_\w|sdp_session_|rtp_listen)"#,
        "sound": #" snd_(pcm|mixer|ctl)_"#,
        "YAML": #" yaml_parser_|\$s4Yams"#,
        "the tool's command line": #"\$s14ArgumentParser"#,
    ]

    @Test(
        .enabled(if: binary != nil, "WATCHPOST_ALARM_STATIC names no binary: `make test` builds one"),
        .enabled(if: Program.find("nm") != nil, "nm is not on this machine: apt-get install binutils"))
    func alarmAgent_contains_nothingItMustNotNeed() throws {
        let (nm, binary) = (try #require(Program.find("nm")), try #require(Self.binary))
        let listing = try Program.run(nm, [binary])
        #expect(listing.status == 0, "\(listing.output.prefix(500))")
        #expect(
            listing.output.contains(" T main") && listing.output.contains("swift_retain"),
            "\(binary) shows no symbols: it must be the static build, not stripped")
        for (what, pattern) in Self.unwanted {
            let found = listing.output.captures(of: "((?:\(pattern)).{0,60})")
            #expect(
                found.isEmpty,
                """
                watchpost-alarm contains \(what): \(found.prefix(3).joined(separator: " · "))
                  why: it has 8 MB and may end with nobody else's mistakes
                  instead: another process; see which import pulls it in
                """)
        }
    }

    @Test(arguments: [
        "0000 T $s10Foundation4DataV5countSivg", "0000 T $sSS10FoundationE4data5usingAA4DataVSg",
        "0000 t $s20FoundationEssentials4DateV", "0000 T $s7NIOCore9EventLoopP", "                 U SSL_new",
        "                 U sip_listen@LIBRE", "0000 T curl_easy_init", "                 U snd_pcm_open",
        "0000 t yaml_parser_parse",
    ])
    func unwanted_isSeen_inAListing(line: String) {
        #expect(Self.unwanted.values.contains { line.contains(pattern: $0) })
    }

    @Test(arguments: [
        "0000 t $ss25_foundationSwiftValueType33_51965B18B2EC93772E8E839F438C77FCLL_WZ",
        "0000 T $s8Facility5FaultV",
        "                 U crypto_box_seal", "                 U sqlite3_open_v2@SQLITE",
        "                 U gpiod_chip_open",
        "0000 T $s7JournalAAV", "                 U regexec",
    ])
    func wanted_isLeftAlone_inAListing(line: String) {
        #expect(!Self.unwanted.values.contains { line.contains(pattern: $0) })
    }
}
