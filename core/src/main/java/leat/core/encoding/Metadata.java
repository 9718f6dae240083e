package leat.core.encoding;

import org.jspecify.annotations.Nullable;

/// The headers that came with an event.
@FunctionalInterface
public interface Metadata {

    /// An event without headers.
    Metadata NONE = _ -> null;

    /// The text of the header `name`; null without one.
    @Nullable String header(String name);
}
