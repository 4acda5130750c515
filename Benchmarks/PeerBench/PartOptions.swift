import ArgumentParser

/// What the parts of the benchmark that start servers have in common.
struct PartOptions: ParsableArguments {
    @Option(help: "The gateway's program.")
    var server = ".build/release/parley"

    @Option(
        help:
            "Address for media, one of this machine's; by default that of a network interface, else loopback, which Janus leaves out."
    )
    var address = MachineAddress.first()

    @Option(help: "Janus's program; its rows are left out when it is not installed.")
    var janus = "/usr/bin/janus"

    @Option(help: "Also write the rows as JSON to this file.")
    var rows: String?
}
