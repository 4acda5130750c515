import COgg

/// Speech out of an Ogg Opus stream (RFC 7845) that comes in pieces: mono Int16 at 24 kHz, as soon as a page is whole.
///
/// Streams chained one after the other are one sound, as from a server that encodes each sentence for itself. Owns the states
/// of libogg and libopus; used from one executor at a time. Whatever it is fed, it throws or gives sound.
package final class OggOpusStream {
    /// Fed without a packet coming out; pages are smaller, and so are sensible comments.
    private static let maxBarrenBytes = 1 << 20
    private static let rate = SampleRate.hz24000
    /// 120 ms, the longest packet.
    private static let maxPacketSamples = 2_880

    private enum Phase {
        case head
        case comments
        case sound
    }

    private let sync = UnsafeMutablePointer<ogg_sync_state>.allocate(capacity: 1)
    private let logical = UnsafeMutablePointer<ogg_stream_state>.allocate(capacity: 1)
    private var serial: Int32?
    private var phase = Phase.head
    private var decoder: OpusDecoder?
    /// Samples before the sound proper that are still to be left out (RFC 7845 §4.2), at 24 kHz.
    private var skipped = 0
    /// Decoded of the stream so far, in 1/48000 s like its granule positions.
    private var decodedTicks: Int64 = 0
    private var barrenBytes = 0

    package init() {
        ogg_sync_init(sync)
    }

    deinit {
        if serial != nil { ogg_stream_clear(logical) }
        ogg_sync_clear(sync)
        logical.deallocate()
        sync.deallocate()
    }

    /// The sound that is whole with these bytes.
    package func feed(_ bytes: [UInt8]) throws(AudioError) -> [Int16] {
        guard !bytes.isEmpty else { return [] }
        barrenBytes += bytes.count
        guard barrenBytes <= Self.maxBarrenBytes, let room = ogg_sync_buffer(sync, bytes.count) else {
            throw .malformed("an Ogg stream without packets")
        }
        UnsafeMutableRawBufferPointer(start: room, count: bytes.count).copyBytes(from: bytes)
        ogg_sync_wrote(sync, bytes.count)
        var samples: [Int16] = []
        var page = ogg_page()
        while true {
            switch ogg_sync_pageout(sync, &page) {
            case 0: return samples
            case 1: samples += try read(&page)
            default: throw .malformed("an Ogg stream with a broken page")
            }
        }
    }

    /// The stream is over; throws when it ended before any sound could come.
    package func finish() throws(AudioError) {
        guard phase == .sound else { throw .malformed("an Ogg stream that ends before its sound") }
    }

    private func read(_ page: inout ogg_page) throws(AudioError) -> [Int16] {
        let number = ogg_page_serialno(&page)
        if ogg_page_bos(&page) != 0 { begin(number) }
        // Pages of other streams, such as pictures, are nobody's here.
        guard number == serial else { return [] }
        guard ogg_stream_pagein(logical, &page) == 0 else { throw .malformed("an Ogg page that cannot be read") }
        var samples: [Int16] = []
        var packet = ogg_packet()
        while true {
            switch ogg_stream_packetout(logical, &packet) {
            case 0: return samples
            case 1:
                barrenBytes = 0
                samples += try read(packet)
            default: throw .malformed("an Ogg stream with a hole")
            }
        }
    }

    private func begin(_ number: Int32) {
        if serial != nil { ogg_stream_clear(logical) }
        ogg_stream_init(logical, number)
        serial = number
        phase = .head
        decoder = nil
        decodedTicks = 0
    }

    private func read(_ packet: ogg_packet) throws(AudioError) -> [Int16] {
        let bytes = UnsafeRawBufferPointer(start: packet.packet, count: max(0, packet.bytes))
        switch phase {
        case .head:
            try readHead(bytes)
            phase = .comments
            return []
        case .comments:
            guard bytes.starts(with: "OpusTags".utf8) else { throw .malformed("an Ogg Opus stream without comments") }
            phase = .sound
            return []
        case .sound:
            return try decode(bytes, packet)
        }
    }

    /// The identification header, RFC 7845 §5.1.
    private func readHead(_ bytes: UnsafeRawBufferPointer) throws(AudioError) {
        guard bytes.count >= 19, bytes.starts(with: "OpusHead".utf8), bytes[8] < 16 else {
            throw .malformed("an Ogg stream that is not Opus")
        }
        // One stream of one or two channels, which libopus mixes down.
        let isSimple = bytes[18] == 0 ? (1...2).contains(bytes[9]) : bytes.count > 20 && bytes[19] == 1
        guard isSimple else { throw .malformed("Ogg Opus of more than two channels") }
        let skip = Int(bytes[10]) | Int(bytes[11]) << 8
        skipped = skip / Int(Self.rate.ticks48k)
        let gain = Int16(bitPattern: UInt16(bytes[16]) | UInt16(bytes[17]) << 8)
        decoder = try OpusDecoder(rate: Self.rate, gain: gain)
    }

    private func decode(_ bytes: UnsafeRawBufferPointer, _ packet: ogg_packet) throws(AudioError) -> [Int16] {
        guard let decoder else { throw .malformed("an Ogg Opus stream without a head") }
        var samples = [Int16](repeating: 0, count: Self.maxPacketSamples)
        var failure: AudioError?
        let count = samples.withUnsafeMutableBufferPointer { room in
            do throws(AudioError) {
                return try decoder.decode(bytes, into: room)
            } catch {
                failure = error
                return 0
            }
        }
        if let failure { throw failure }
        samples.removeLast(samples.count - count)
        decodedTicks += Int64(count) * Self.rate.ticks48k
        // The last page's position cuts off what the encoder filled its last packet up with (§4.4).
        if packet.e_o_s != 0, packet.granulepos >= 0, packet.granulepos < decodedTicks {
            let surplus = (decodedTicks - packet.granulepos) / Self.rate.ticks48k
            samples.removeLast(Int(clamping: min(surplus, Int64(samples.count))))
        }
        let left = min(skipped, samples.count)
        skipped -= left
        return Array(samples.dropFirst(left))
    }
}
