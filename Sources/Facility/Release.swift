// SPDX-License-Identifier: Apache-2.0

/// Which Watchpost this is: every process of it says the same.
package enum Release {
    package static let version = "0.3"
}
