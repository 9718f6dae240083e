package leat.core.monitor;

import org.jspecify.annotations.Nullable;

/// The profile of one feature while it grows.
interface FeatureTally {

    void add(@Nullable Object value);

    FeatureProfile profile();
}
