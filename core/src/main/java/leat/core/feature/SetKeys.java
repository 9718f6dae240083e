package leat.core.feature;

import java.util.Set;

/// The keys of a file `features/sets/NAME.yaml`; `docs/reference/features.md` tells what they mean.
final class SetKeys {

    static final Set<String> SET = Set.of("description", "owner", "tags", "entity", "features");

    static final Set<String> ENTRY = Set.of("view", "names", "rename");

    private SetKeys() {}
}
