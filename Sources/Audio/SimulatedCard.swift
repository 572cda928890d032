// SPDX-License-Identifier: Apache-2.0

/// A sound card of software.
package final class SimulatedCard: Sendable {
    package init() {}
}
