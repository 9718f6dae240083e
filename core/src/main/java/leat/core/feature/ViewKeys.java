package leat.core.feature;

import java.util.Set;

/// The keys of a file `features/NAME.yaml`; `docs/reference/features.md` tells what they mean.
final class ViewKeys {

    static final Set<String> VIEW =
            Set.of(
                    "version",
                    "description",
                    "owner",
                    "tags",
                    "entity",
                    "source",
                    "key",
                    "where",
                    "hop",
                    "ttl",
                    "features",
                    "expect");

    static final Set<String> FEATURE =
            Set.of(
                    "name",
                    "description",
                    "expression",
                    "aggregate",
                    "windows",
                    "where",
                    "limit",
                    "expect");

    private ViewKeys() {}
}
