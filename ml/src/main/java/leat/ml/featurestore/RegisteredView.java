package leat.ml.featurestore;

import java.time.Instant;
import java.util.Optional;
import leat.core.event.TopicId;

/// A version of a feature view that a platform has run with.
///
/// @param name `NAME.vN`
/// @param fingerprint of its definition, as [FeatureFlow#fingerprint] makes it
/// @param sourceTopic the id of the topic that its state is made of
/// @param source the contract or the view whose events it sees, `NAME.vN`; empty where an older
///   program wrote the record
/// @param definition the text of its file, which makes the view again; empty likewise
/// @param dropped since when its topics and state are, or are to be, deleted
public record RegisteredView(
        String name,
        String fingerprint,
        TopicId sourceTopic,
        String source,
        String definition,
        Optional<Instant> dropped) {

    /// One that is not dropped.
    public RegisteredView(
            String name,
            String fingerprint,
            TopicId sourceTopic,
            String source,
            String definition) {
        this(name, fingerprint, sourceTopic, source, definition, Optional.empty());
    }

    /// The same, dropped.
    RegisteredView droppedAt(Instant time) {
        return new RegisteredView(
                name, fingerprint, sourceTopic, source, definition, Optional.of(time));
    }
}
