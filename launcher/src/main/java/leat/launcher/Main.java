package leat.launcher;

import java.util.logging.Level;
import java.util.logging.Logger;
import leat.launcher.cli.LeatCommand;

/// The program's entry.
public final class Main {

    /// Held, or its level would be collected with it: the web server tells of itself by JDK
    /// logging.
    private static final Logger WEB_SERVER = Logger.getLogger("io.helidon");

    private Main() {}

    public static void main(String[] args) {
        WEB_SERVER.setLevel(Level.WARNING);
        System.exit(LeatCommand.commandLine().execute(args));
    }
}
