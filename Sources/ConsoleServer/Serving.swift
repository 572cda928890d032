// SPDX-License-Identifier: Apache-2.0
import Facility
package import Logging
package import ServiceLifecycle
import UnixSignals

/// Runs services until the caller is cancelled or, where it listens to them, a signal tells it to end. Either
/// way the ports are closed first and who is being served has half of `Limits.stopGraceMs`, a supervisor's
/// patience, to finish: a server that is cancelled outright traps where a connection was accepted and not yet
/// taken (swift-nio, issue 2637).
package func serve(_ services: [any Service], endsOnSignals: Bool, logger: Logger) async throws {
    var configuration = ServiceGroupConfiguration(
        services: services, gracefulShutdownSignals: endsOnSignals ? [.sigterm, .sigint] : [],
        logger: logger)
    configuration.maximumGracefulShutdownDuration = .milliseconds(Limits.stopGraceMs / 2)
    let group = ServiceGroup(configuration: configuration)
    let serving = Task { try await group.run() }
    try await withTaskCancellationHandler {
        try await serving.value
    } onCancel: {
        Task { await group.triggerGracefulShutdown() }
    }
}
