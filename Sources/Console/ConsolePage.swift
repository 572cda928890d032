// SPDX-License-Identifier: Apache-2.0

/// The console's pages, as they stand in `Pages`: part of the program, so that nothing has to be installed
/// beside it and nothing can be changed there. Pure.
package enum ConsolePage {
    /// By file name; `index.html` is the first one. A test compares it with the folder.
    package static let all: [String: [UInt8]] = [
        "api.js": PackageResources.api_js,
        "audit.js": PackageResources.audit_js,
        "card.js": PackageResources.card_js,
        "cell.js": PackageResources.cell_js,
        "console.css": PackageResources.console_css,
        "console.js": PackageResources.console_js,
        "deeds.js": PackageResources.deeds_js,
        "devices.js": PackageResources.devices_js,
        "element.js": PackageResources.element_js,
        "flood.js": PackageResources.flood_js,
        "icon.svg": PackageResources.icon_svg,
        "index.html": PackageResources.index_html,
        "live.js": PackageResources.live_js,
        "login.js": PackageResources.login_js,
        "moments.js": PackageResources.moments_js,
        "paced.js": PackageResources.paced_js,
        "pages.js": PackageResources.pages_js,
        "past.js": PackageResources.past_js,
        "people.js": PackageResources.people_js,
        "plot.js": PackageResources.plot_js,
        "print.css": PackageResources.print_css,
        "reports.js": PackageResources.reports_js,
        "round-sheet.js": PackageResources.round_sheet_js,
        "round.html": PackageResources.round_html,
        "round.js": PackageResources.round_js,
        "sound.js": PackageResources.sound_js,
        "stream.js": PackageResources.stream_js,
        "table.js": PackageResources.table_js,
        "tiles.js": PackageResources.tiles_js,
        "wall.css": PackageResources.wall_css,
        "wall.js": PackageResources.wall_js,
        "words.js": PackageResources.words_js,
    ]
}
