package leat.ml.featurestore;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import leat.core.contract.ContractVersion;
import leat.core.event.EventHeaders;
import leat.core.feature.CompiledView;
import leat.core.feature.Observation;
import leat.core.outcome.Outcome;
import leat.core.validate.Validator;
import leat.stream.log.EventHeader;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/// Records of the source's topic as the view sees them: enriched events, whose time is in a header,
/// or another view's vectors, whose time is their query time. The live computation and the replay
/// read them here.
final class ViewEvents {

    private final FeatureFlow flow;
    private final CompiledView.Failures failures;
    private final Validator validator;
    private final boolean ofView;

    /// @param failures is told of expressions that have no value for an event
    ViewEvents(FeatureFlow flow, CompiledView.Failures failures) {
        this.flow = flow;
        this.failures = failures;
        this.validator = Validator.forEnriched(flow.source());
        this.ofView = flow.compiled().sourceView().isPresent();
    }

    /// The names of the headers that are read of a contract's events on the topic that has them by
    /// the view's entities.
    static List<String> headers(FeatureFlow flow) {
        return flow.rekeys()
                ? List.of(
                        EventHeaders.EVENT_TIME, EventHeaders.CONTRACT_VERSION, EventHeaders.ORIGIN)
                : List.of(EventHeaders.EVENT_TIME, EventHeaders.CONTRACT_VERSION);
    }

    /// What a record is to the view.
    sealed interface Reading {

        /// An event of the view. Its entity is a text that UTF-8 can hold: what is read of a record
        /// is none otherwise.
        record Seen(Observation observation) implements Reading {}

        /// An event that is not of the view.
        record Passed() implements Reading {}

        /// No event of the source; only a foreign producer can have written it.
        record Unreadable(String why) implements Reading {}
    }

    /// @param value null where the record has none
    /// @throws ContractOutdated when the event keeps a newer version of the contract, which ours
    ///   cannot read
    Reading read(byte @Nullable [] value, Headers headers, int partition, long offset) {
        if (value == null) {
            return new Reading.Unreadable("it has no value");
        }
        OptionalLong timeMicros = ofView ? OptionalLong.empty() : EventHeader.eventMicros(headers);
        boolean isOfSource =
                ofView ? headers.lastHeader(EventHeaders.VIEW) != null : timeMicros.isPresent();
        if (!isOfSource) {
            return new Reading.Unreadable(
                    "it has no " + (ofView ? EventHeaders.VIEW : EventHeaders.EVENT_TIME));
        }
        return switch (validator.validate(value)) {
            case Outcome.Valid valid -> {
                Optional<Observation> seen =
                        flow.compiled()
                                .observe(
                                        valid.row(),
                                        timeMicros.orElseGet(
                                                () -> CompiledView.queryMicros(valid.row())),
                                        partition,
                                        offset,
                                        failures);
                yield seen.<Reading>map(Reading.Seen::new).orElseGet(Reading.Passed::new);
            }
            case Outcome.Rejected rejected -> {
                refuseNewer(EventHeader.text(headers, EventHeaders.CONTRACT_VERSION));
                yield new Reading.Unreadable(
                        Objects.requireNonNull(rejected.reasons().getFirst()).message());
            }
        };
    }

    private void refuseNewer(@Nullable String judgedBy) {
        if (judgedBy != null
                && judgedBy.matches("\\d{1,9}\\.\\d{1,9}\\.\\d{1,9}")
                && ContractVersion.parse(judgedBy).compareTo(flow.source().version()) > 0) {
            throw new ContractOutdated(flow.source(), judgedBy);
        }
    }
}
