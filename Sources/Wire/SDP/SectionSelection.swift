/// Which m= sections of a description are used: at most one of audio and one of data channels.
///
/// Sections of one BUNDLE group share one transport (RFC 8843); outside a group one section alone can be used, since
/// Parley opens one transport per call. All are indices into the description's sections.
struct SectionSelection: Equatable {
    var audio: Int?
    var data: Int?
    /// The sections used, in the order of their group.
    var order: [Int] = []
    /// Where the transport attributes of all are looked for: the sections used, then the others of their group.
    var lenders: [Int] = []
    var isBundled = false
}

extension SessionDescription {
    /// The first BUNDLE group with a section of use, else the first audio section, else the first of data channels.
    func selectSections() throws(SDPError) -> SectionSelection {
        let isUsable = sections.map { $0.refusal(isBundled: true) == nil }
        for group in bundleGroups {
            let usable = group.filter { isUsable[$0] }
            if !usable.isEmpty { return select(from: usable, of: group) }
        }
        return try selectOne()
    }

    /// The sections named by each `a=group:BUNDLE` line, in its order.
    private var bundleGroups: [[Int]] {
        let named = sections.enumerated().compactMap { index, section in section.mid.map { ($0, index) } }
        let indices = Dictionary(named) { first, _ in first }
        return attributes.values("group").compactMap { group in
            let fields = group.fields
            guard fields.first == "BUNDLE" else { return nil }
            var seen: Set<Int> = []
            return fields.dropFirst().compactMap { indices[$0] }.filter { seen.insert($0).inserted }
        }
    }

    /// The first section of each kind among the usable ones of a group.
    private func select(from usable: [Int], of group: [Int]) -> SectionSelection {
        var selection = SectionSelection(isBundled: true)
        for index in usable.sorted() {
            if sections[index].isAudio {
                selection.audio = selection.audio ?? index
            } else {
                selection.data = selection.data ?? index
            }
        }
        selection.order = usable.filter { $0 == selection.audio || $0 == selection.data }
        selection.lenders = selection.order + group.filter { !selection.order.contains($0) }
        return selection
    }

    private func selectOne() throws(SDPError) -> SectionSelection {
        let refusals = sections.map { $0.refusal(isBundled: false) }
        let usable = sections.indices.filter { refusals[$0] == nil }
        if let audio = usable.first(where: { sections[$0].isAudio }) {
            return SectionSelection(audio: audio, order: [audio], lenders: [audio])
        }
        if let data = usable.first { return SectionSelection(data: data, order: [data], lenders: [data]) }
        throw .nothingUsable(
            refusals.enumerated().compactMap { index, reason in
                reason.map { SectionRefusal(section: index + 1, reason: $0) }
            })
    }
}
