package leat.launcher.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/// Tells the processes of a role apart.
public final class InstanceOption {

    @Option(
            names = "--instance",
            paramLabel = "NAME",
            defaultValue = "1",
            converter = Name.class,
            description =
                    "The name of this process among those that run the same role; two live ones"
                            + " must differ, and one that is started again keeps its name. Default:"
                            + " ${DEFAULT-VALUE}.")
    private String instance = "1";

    String instance() {
        return instance;
    }

    /// A name that can be part of a file's and of a transactional id.
    static final class Name implements ITypeConverter<String> {
        @Override
        public String convert(String value) {
            if (!value.matches("[A-Za-z0-9][A-Za-z0-9_-]{0,62}")) {
                throw new TypeConversionException(
                        "'"
                                + value
                                + "' is no instance name: letters, digits, - and _, at most 63 of"
                                + " them");
            }
            return value;
        }
    }
}
