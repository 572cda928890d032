// SPDX-License-Identifier: Apache-2.0
import Facility
import Glibc
import Journal
import Testing

@Test func compiledSite_isTheSame_whenReadBack() throws {
    let place = try SitePlace()
    let config = try makeSiteConfig()
    try CompiledSite.write(config, to: place.config)
    #expect(try CompiledSite.read(place.config) == config)
}

@Test func compiledSite_namesFileAndHint_whenItIsMissing() throws {
    let place = try SitePlace()
    let fault = try #require(throws: Fault.self) { try CompiledSite.read(place.config) }
    #expect(fault.place == place.config)
    #expect(fault.hint.contains("watchpost apply"))
}

@Test func compiledSite_isRefused_whenItIsNoDatabase() throws {
    let place = try SitePlace()
    for bytes in [Array("site: text\n".utf8), [], [UInt8](repeating: 0xff, count: 5_000)] {
        place.put(bytes)
        #expect(throws: Fault.self) { try CompiledSite.read(place.config) }
    }
}

@Test func install_keepsThePreviousVersion_whenANewerOneComes() throws {
    let place = try SitePlace()
    try CompiledSite.install(try makeSiteConfig(version: 1), at: place.config)
    try CompiledSite.install(try makeSiteConfig(version: 2), at: place.config)
    #expect(try CompiledSite.read(place.config).version == 2)
    #expect(try CompiledSite.read(CompiledSite.previousPath(of: place.config)).version == 1)
    #expect(CompiledSite.newestVersion(place.config) == 2)
    #expect(access(place.config + ".new", F_OK) != 0)
}

@Test func install_isRefused_whenTheVersionDoesNotRise() throws {
    let place = try SitePlace()
    try CompiledSite.install(try makeSiteConfig(version: 5), at: place.config)
    for version: Int64 in [4, 5] {
        #expect(throws: Fault.self) {
            try CompiledSite.install(try makeSiteConfig(version: version), at: place.config)
        }
    }
    #expect(try CompiledSite.read(place.config).version == 5)
    try CompiledSite.install(try makeSiteConfig(version: 4), at: place.config, force: true)
    #expect(try CompiledSite.read(place.config).version == 4)
}

@Test func install_keepsTheGoodPrevious_whenTheNewestIsDamaged() throws {
    let place = try SitePlace()
    try CompiledSite.install(try makeSiteConfig(version: 1), at: place.config)
    try CompiledSite.install(try makeSiteConfig(version: 2), at: place.config)
    place.put([1, 2, 3])
    try CompiledSite.install(try makeSiteConfig(version: 3), at: place.config)
    #expect(try CompiledSite.read(CompiledSite.previousPath(of: place.config)).version == 1)
    #expect(try CompiledSite.read(place.config).version == 3)
}

@Test func install_isAFault_whenTheDirectoryIsMissing() throws {
    let place = try SitePlace()
    #expect(throws: Fault.self) {
        try CompiledSite.install(try makeSiteConfig(), at: place.directory + "/none/cell.db")
    }
}

@Test func newestGood_fallsBackAndSaysWhy_whenTheNewestIsDamaged() throws {
    let place = try SitePlace()
    try CompiledSite.install(try makeSiteConfig(version: 1), at: place.config)
    try CompiledSite.install(try makeSiteConfig(version: 2), at: place.config)
    let sound = try CompiledSite.readNewestGood(place.config)
    #expect(sound.config.version == 2 && !sound.usedPrevious && sound.fault == nil)
    let old = try CompiledSite.readNewestGood(place.config, preferPrevious: true)
    #expect(old.config.version == 1 && old.usedPrevious && old.fault == nil)
    place.put([])
    let fallen = try CompiledSite.readNewestGood(place.config)
    #expect(fallen.config.version == 1 && fallen.usedPrevious && fallen.fault?.place == place.config)
}

@Test func newestGood_takesTheNewest_whenThereIsNoPrevious() throws {
    let place = try SitePlace()
    try CompiledSite.install(try makeSiteConfig(version: 1), at: place.config)
    let read = try CompiledSite.readNewestGood(place.config, preferPrevious: true)
    #expect(read.config.version == 1 && !read.usedPrevious && read.fault == nil, "the only file is good")
}

@Test func newestGood_takesTheNewestAndSaysWhy_whenThePreviousIsDamaged() throws {
    let place = try SitePlace()
    try CompiledSite.install(try makeSiteConfig(version: 1), at: place.config)
    try CompiledSite.install(try makeSiteConfig(version: 2), at: place.config)
    let previous = CompiledSite.previousPath(of: place.config)
    #expect(truncate(previous, 0) == 0)
    let read = try CompiledSite.readNewestGood(place.config, preferPrevious: true)
    #expect(read.config.version == 2 && !read.usedPrevious && read.fault?.place == previous)
}

@Test func newestGood_isAFault_whenTheOnlyFileIsDamaged() throws {
    let place = try SitePlace()
    place.put([7])
    for preferPrevious in [false, true] {
        let fault = try #require(throws: Fault.self) {
            try CompiledSite.readNewestGood(place.config, preferPrevious: preferPrevious)
        }
        #expect(fault.place == place.config)
    }
}

@Test func newestGood_namesBothCauses_whenNeitherCanBeRead() throws {
    let place = try SitePlace()
    place.put([7])
    let fault = try #require(throws: Fault.self) { try CompiledSite.readNewestGood(place.config) }
    #expect(fault.place == place.config && fault.cause.contains("no other version"))
}
