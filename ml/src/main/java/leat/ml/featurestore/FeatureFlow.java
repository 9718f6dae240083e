package leat.ml.featurestore;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import leat.core.contract.Contract;
import leat.core.event.Hash128;
import leat.core.event.Names;
import leat.core.feature.CompiledView;
import leat.core.feature.FeatureView;
import leat.stream.log.TopicSpec;

/// What becomes of events in one view.
///
/// @param compiled the view, which fits its source
public record FeatureFlow(CompiledView compiled) {

    /// The role's name in groups and stages.
    public static final String ROLE = "features";

    /// `NAME.vN`, as in topics.
    public String name() {
        return compiled.view().nameAndVersion();
    }

    /// What the events that it sees keep, as [CompiledView#source] says.
    public Contract source() {
        return compiled.source();
    }

    /// The topic of these events: the enriched ones of a contract, or another view's vectors.
    public String sourceTopic(Names names) {
        return compiled.sourceView().isPresent()
                ? names.vectors(source())
                : names.enriched(source());
    }

    /// The contract of the vectors.
    public Contract vectors() {
        return compiled.contract();
    }

    /// Whether the source keeps its events together by something else than the view's entities, so
    /// that each is brought to its entity's partition first.
    public boolean rekeys() {
        return !source().key().equals(Optional.of(compiled.view().key()));
    }

    /// The topic that has the events of an entity on one partition, in the order that they count.
    public String input(Names names) {
        return rekeys() ? names.rekeyed(vectors()) : sourceTopic(names);
    }

    /// The topics that it writes.
    public List<TopicSpec> topics(Names names) {
        List<TopicSpec> topics = TopicSpec.ofView(names, source(), vectors());
        return rekeys()
                ? Stream.concat(
                                Stream.of(TopicSpec.rekeyed(names, source(), vectors())),
                                topics.stream())
                        .toList()
                : topics;
    }

    /// The consumer group, and the first part of the names of all that Kafka Streams makes for the
    /// view.
    public String application(Names names) {
        return names.group(ROLE + "." + name());
    }

    /// Differs from that of another definition where the values differ, or may do so. What is only
    /// said of the view is no part of it.
    public String fingerprint() {
        FeatureView view = compiled.view();
        List<String> parts = new ArrayList<>();
        parts.add((compiled.sourceView().isPresent() ? "view " : "") + source().nameAndMajor());
        parts.add(view.key().toString());
        parts.add(view.where().orElse(""));
        parts.add(view.hop().toString());
        for (int i = 0; i < view.features().size(); i++) {
            FeatureView.Feature feature = view.features().get(i);
            parts.add(feature.name());
            parts.add(feature.expression().orElse(""));
            parts.add(feature.window().map(FeatureFlow::window).orElse(""));
            parts.add(compiled.fields().get(i).type().getClass().getSimpleName());
        }
        return Hash128.of(parts.toArray(String[]::new)).toString();
    }

    private static String window(FeatureView.Windowed window) {
        return Hash128.of(
                        window.aggregate().word(),
                        window.where().orElse(""),
                        window.window().toString(),
                        Integer.toString(window.limit()))
                .toString();
    }
}
