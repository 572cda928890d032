// SPDX-License-Identifier: Apache-2.0
import CLinux
package import Facility
import Glibc

/// All files of one journal, those put aside as damaged and the one that is written now, read as one line:
/// what was stored and never sent must not be lost with the file that it stood in.
///
///     events.db.damaged-1   generation 0   as far as its entries follow on each other
///     events.db.damaged-2   generation 1   likewise
///     events.db             generation 2   what is written now
///
/// Reads only, never writes. Not thread safe: one for each thread. Always true: entries of a file that was
/// put aside are given up to the first that is missing or does not fit its hash, and none after it.
package final class JournalSuccession {
    private struct File {
        let reader: JournalReader
        let name: FileName
        let isLive: Bool
        /// Of a file put aside: where each stream was found to end, when it ends in damage.
        var ends: [Stream: UInt64] = [:]
    }

    /// Which file stood under the path when it was opened, and which log beside it.
    private struct FileName: Hashable {
        let path: String
        let inode: ino_t
        let log: ino_t

        init?(_ path: String) {
            var about = stat()
            guard stat(path, &about) == 0 else { return nil }
            self.path = path
            inode = about.st_ino
            log = stat(path + "-wal", &about) == 0 ? about.st_ino : 0
        }
    }

    package let path: String
    /// The oldest generation first; the live one last.
    private var files: [File] = []
    /// Put aside and unreadable: not tried again as long as nothing changes.
    private var unreadable: Set<FileName> = []
    private var runsAside: [JournalRun] = []
    private var faults: [Fault] = []

    package init(path: String) { self.path = path }

    /// Of the file that is written now; `nil`: there is none, or it cannot be read now.
    package var generation: UInt64? { files.last { $0.isLive }?.reader.generation }

    /// What could not be read, each time it was tried.
    package func takeFaults() -> [Fault] {
        defer { faults = [] }
        return faults
    }

    /// The newest entry of each stream, whichever file holds it.
    package func heads() throws(Fault) -> [StreamHead] {
        refresh()
        var newest: [Stream: StreamHead] = [:]
        for place in files.indices {
            for head in try heads(ofFile: place) { newest[head.stream] = head }
        }
        return Stream.allCases.compactMap { newest[$0] }
    }

    private func heads(ofFile place: Int) throws(Fault) -> [StreamHead] {
        let file = files[place]
        if file.isLive { return try reading(file) { reader throws(Fault) in try reader.heads() } }
        var heads: [StreamHead] = []
        for stream in Stream.allCases {
            if file.ends[stream] == nil, let head = file.reader.newest(of: stream) {
                heads.append(head)
                continue
            }
            if file.ends[stream] == nil { files[place].ends[stream] = try file.reader.soundEnd(of: stream) }
            guard let end = files[place].ends[stream],
                end > JournalGeneration.base(file.reader.generation)
            else { continue }
            heads.append(StreamHead(stream: stream, sequence: end, hash: []))
        }
        return heads
    }

    /// Every start of a process that any of the files knows.
    package func runs() throws(Fault) -> [JournalRun] {
        refresh()
        guard let live = files.last(where: { $0.isLive }) else { return runsAside }
        return try runsAside + reading(live) { reader throws(Fault) in try reader.runs() }
    }

    /// The entries after the cursor, oldest first, at most `limit`, and no more once those of the live file
    /// hold `maxBytes`.
    package func events(
        past cursor: SyncCursor, limit: Int, maxBytes: Int = .max
    ) throws(Fault) -> [JournalEntry] {
        refresh()
        var found: [JournalEntry] = []
        var cursor = cursor
        for place in files.indices
        where found.count < limit
            && files[place].reader.generation >= JournalGeneration.of(sequence: cursor.sequence)
        {
            let (file, wanted) = (files[place], limit - found.count)
            if file.isLive {
                found += try reading(file) { [cursor] reader throws(Fault) in
                    try reader.events(past: cursor, limit: wanted, maxBytes: maxBytes)
                }
                continue
            }
            let sound = try file.reader.soundEvents(past: cursor, limit: wanted)
            found += sound.entries
            cursor.sequence = found.last?.sequence ?? cursor.sequence
            if sound.isBroken {
                let base = JournalGeneration.base(file.reader.generation)
                files[place].ends[cursor.stream] = max(cursor.sequence, base)
            }
        }
        return found
    }

    /// A live file that fails is opened anew at the next question.
    private func reading<Result>(
        _ file: File, _ read: (JournalReader) throws(Fault) -> Result
    ) throws(Fault) -> Result {
        do throws(Fault) { return try read(file.reader) } catch {
            files.removeAll { $0.name == file.name }
            throw error
        }
    }

    // MARK: Which files there are

    private func refresh() {
        let live = FileName(path)
        let aside = DamagedJournal.all(of: path).compactMap { FileName($0.path) }
        let isSame = files.allSatisfy { file in
            // A log that comes or goes beside the live file is the writer's business.
            file.isLive ? file.name.inode == live?.inode : aside.contains(file.name)
        }
        let known = Set(files.filter { !$0.isLive }.map(\.name)).union(unreadable)
        if isSame, known.isSuperset(of: aside), (live == nil) == (files.last?.isLive != true) { return }
        var next: [File] = []
        for name in aside where !unreadable.contains(name) {
            if let open = files.first(where: { $0.name == name && !$0.isLive }) {
                next.append(open)
            } else if let opened = opened(name, isLive: false) {
                next.append(opened)
            } else {
                unreadable.insert(name)
            }
        }
        next.sort { $0.reader.generation < $1.reader.generation }
        if let live {
            let open = files.first { $0.isLive && $0.name.inode == live.inode }
            if let file = open ?? opened(live, isLive: true) { next.append(file) }
        }
        // Whose record it is, the newest file says.
        if let terminal = next.last?.reader.terminal {
            unreadable.formUnion(next.filter { $0.reader.terminal != terminal }.map(\.name))
            next.removeAll { $0.reader.terminal != terminal }
        }
        files = next
        runsAside = next.filter { !$0.isLive }.flatMap { (try? $0.reader.runs()) ?? [] }
    }

    private func opened(_ name: FileName, isLive: Bool) -> File? {
        do throws(Fault) {
            return File(reader: try JournalReader(path: name.path), name: name, isLive: isLive)
        } catch {
            faults.append(error)
            return nil
        }
    }
}
