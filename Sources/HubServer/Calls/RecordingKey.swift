// SPDX-License-Identifier: Apache-2.0
import CSodium
import Facility
import Recordings

/// The hub's key of recordings: terminals encrypt to its public half, which the site file names; its secret
/// half opens them, and lies with the authority's keys. Any thread; reads its file each time.
///
/// Always true: it is made once and never replaced, for what was recorded under it is heard with no other.
enum RecordingKey {
    static let fileName = "recording.key"

    private static func files(_ config: HubConfig) throws(Fault) -> AuthorityFiles {
        try AuthorityFiles(directory: config.folder + "/authority")
    }

    /// Empty: none was made yet.
    static func secret(_ config: HubConfig) throws(Fault) -> [UInt8] {
        let files = try files(config)
        guard let text = try files.read(fileName) else { return [] }
        if let key = SealText.bytes(text.filter { !$0.isNewline }), key.count == 32 { return key }
        throw AuthorityFiles.fault("read key", files.path(fileName), "it does not hold 64 digits")
    }

    /// 64 digits for the site file; made where there is none.
    static func publicText(_ config: HubConfig) throws(Fault) -> String {
        var secret = try secret(config)
        if secret.isEmpty {
            secret = [UInt8](repeating: 0, count: 32)
            randombytes_buf(&secret, secret.count)
            try files(config).write(fileName, SealText.of(secret) + "\n")
        }
        var made = [UInt8](repeating: 0, count: 32)
        crypto_scalarmult_base(&made, secret)
        return SealText.of(made)
    }
}
