package leat.core.tracking;

import java.util.Locale;

/// Whether something was deleted; what was, can be restored.
public enum LifecycleStage {
    ACTIVE,
    DELETED;

    /// `active`, as the protocol writes it.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
