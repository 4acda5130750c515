import ArgumentParser
import LoadGenerator
@main struct PeerBench: ParsableCommand {}
