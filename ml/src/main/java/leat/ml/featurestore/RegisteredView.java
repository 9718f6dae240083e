package leat.ml.featurestore;

import leat.core.event.TopicId;

/// A feature view that a platform has run with.
///
/// @param name `NAME.vN`
/// @param fingerprint of its definition, as [FeatureFlow#fingerprint] makes it
/// @param sourceTopic the id of the enriched topic that its state is made of
public record RegisteredView(String name, String fingerprint, TopicId sourceTopic) {}
