package leat.launcher.cli;

import java.util.Optional;
import picocli.CommandLine.IVersionProvider;

/// What `leat --version` prints: the program's version and the Java it runs on.
final class ProgramVersion implements IVersionProvider {

    /// The version in the jar's manifest; `development` when run from class folders.
    static String program() {
        return Optional.ofNullable(ProgramVersion.class.getPackage().getImplementationVersion())
                .orElse("development");
    }

    @Override
    public String[] getVersion() {
        return new String[] {"leat " + program() + " on Java " + Runtime.version()};
    }
}
