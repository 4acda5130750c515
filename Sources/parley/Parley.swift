import ArgumentParser
import GatewayServer
@main struct Parley: ParsableCommand {}
