package leat.launcher;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/// A part of the platform that a process can run. `leat up` runs all of them; on a cluster each
/// process runs some.
public enum Role {
    /// The embedded broker.
    KAFKA,
    /// The embedded search engine.
    OPENSEARCH,
    /// The doors by which events come in.
    COLLECTOR,
    /// Validation, duplicates, added fields.
    ENRICHER,
    /// Log to Iceberg tables, and their upkeep.
    LAKE,
    /// Log to the search engine.
    SEARCH,
    /// Rules of quality and alerts.
    MONITOR,
    /// SQL and every HTTP interface that people call.
    CONSOLE;

    /// Every role.
    public static Set<Role> all() {
        return EnumSet.allOf(Role.class);
    }

    /// `collector`, as on the command line.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
