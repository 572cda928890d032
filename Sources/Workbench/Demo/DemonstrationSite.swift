// SPDX-License-Identifier: Apache-2.0
package import Facility

package enum DemonstrationSite {
    package static func configs(_ file: String?) throws(Fault) -> [TerminalConfig] {
        TestSite.configs(cells: 2, posts: 2, ladderMs: [5_000, 10_000, 20_000, 30_000])
    }
}
