package leat.launcher.cli;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import leat.launcher.Role;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Reads a role from the command line, `enrichment-api`.
final class RoleWord implements ITypeConverter<Role> {

    @Override
    public Role convert(String word) {
        return Arrays.stream(Role.values())
                .filter(role -> role.word().equals(word.toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() ->
                        new TypeConversionException(
                                "there is no role '"
                                        + word
                                        + "'; roles are "
                                        + Arrays.stream(Role.values())
                                                .map(Role::word)
                                                .collect(Collectors.joining(", "))));
    }
}
