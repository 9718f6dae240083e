package leat.ml.featurestore;

import leat.core.event.TopicId;

/// A version of a feature view that a platform has run with.
///
/// @param name `NAME.vN`
/// @param fingerprint of its definition, as [FeatureFlow#fingerprint] makes it
/// @param sourceTopic the id of the topic that its state is made of
/// @param source the contract or the view whose events it sees, `NAME.vN`; empty where an older
///   program wrote the record
/// @param definition the text of its file, which makes the view again; empty likewise
public record RegisteredView(
        String name, String fingerprint, TopicId sourceTopic, String source, String definition) {}
