// SPDX-License-Identifier: Apache-2.0

/// The console's pages, which are part of the program: nothing to install beside it, nothing to go missing.
/// Pure.
package enum ConsolePages {
    /// The bytes and the type of what stands at a path; nil when nothing does.
    package static func file(at path: String) -> (bytes: [UInt8], type: String)? {
        let name = path == "/" ? "index.html" : String(path.dropFirst())
        guard let bytes = files[name], let type = type(of: name) else { return nil }
        return (bytes, type)
    }

    /// Every file of the folder `Pages`; a test compares.
    package static let files: [String: [UInt8]] = [
        "api.js": PackageResources.api_js,
        "audit.js": PackageResources.audit_js,
        "calls.js": PackageResources.calls_js,
        "card.js": PackageResources.card_js,
        "cell.js": PackageResources.cell_js,
        "clips.js": PackageResources.clips_js,
        "console.css": PackageResources.console_css,
        "console.js": PackageResources.console_js,
        "day.js": PackageResources.day_js,
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
        "talk.js": PackageResources.talk_js,
        "tiles.js": PackageResources.tiles_js,
        "timetable.js": PackageResources.timetable_js,
        "voice.js": PackageResources.voice_js,
        "wall.css": PackageResources.wall_css,
        "wall.js": PackageResources.wall_js,
        "words.js": PackageResources.words_js,
    ]

    private static func type(of name: String) -> String? {
        switch name.split(separator: ".").last {
        case "html": "text/html; charset=utf-8"
        case "js": "text/javascript; charset=utf-8"
        case "css": "text/css; charset=utf-8"
        case "svg": "image/svg+xml"
        default: nil
        }
    }
}
