package leat.launcher.cli;

import picocli.CommandLine.Option;

/// Moves all ports, so that two platforms fit on one machine.
public final class PortOption {

    @Option(
            names = "--port-offset",
            paramLabel = "N",
            defaultValue = "0",
            description = "Add N to every configured port. Default: ${DEFAULT-VALUE}.")
    private int offset;

    int offset() {
        return offset;
    }
}
