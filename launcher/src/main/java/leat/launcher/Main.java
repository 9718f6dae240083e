package leat.launcher;

import leat.launcher.cli.LeatCommand;

/// The program's entry.
public final class Main {

    private Main() {}

    public static void main(String[] args) {
        System.exit(LeatCommand.commandLine().execute(args));
    }
}
