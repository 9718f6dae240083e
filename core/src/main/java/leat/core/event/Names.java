package leat.core.event;

import java.util.List;
import java.util.stream.Stream;
import leat.core.contract.Contract;

/// The names that are derived from a contract, decided once:
/// `<prefix>.<kind>.<contract>.v<major>[.g<generation>]`. Topics and indices have the same names,
/// and consumer groups and transactional ids follow the same form.
///
/// @param prefix separates installations that share a cluster; letters, digits and hyphens
public record Names(String prefix) {

    /// The stages that can refuse an event; each has a dead-letter topic of its own a contract.
    public enum DeadStage {
        COLLECTOR,
        ENRICHER,
        SEARCH,
        LAKE;

        /// `enricher`, as in headers and topic names.
        public String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /// @throws IllegalArgumentException when the prefix is not 1 to 40 letters, digits or hyphens
    public Names {
        if (!prefix.matches("[a-z0-9][a-z0-9-]{0,39}")) {
            throw new IllegalArgumentException(
                    "prefix '"
                            + prefix
                            + "' must be 1 to 40 lower case letters, digits or hyphens");
        }
    }

    public String raw(Contract contract) {
        return of("raw", contract);
    }

    public String enriched(Contract contract) {
        return of("enriched", contract);
    }

    /// The compacted topic of a reference contract: the newest enriched event of each key. That of
    /// a feature view: the newest vector of each entity.
    public String latest(Contract contract) {
        return of("latest", contract);
    }

    /// The topic of all vectors of a feature view.
    ///
    /// @param vectors the contract of the view's vectors
    public String vectors(Contract vectors) {
        return of("vectors", vectors);
    }

    /// The topic of the predictions of a scoring.
    ///
    /// @param predictions their contract
    public String predictions(Contract predictions) {
        return of("predictions", predictions);
    }

    /// The topic that says which versions of models score which positions.
    public String scoring() {
        return prefix + ".scoring";
    }

    /// The topic of the events of a feature view whose entities are not what the source is kept
    /// together by: each on its entity's partition.
    ///
    /// @param vectors the contract of the view's vectors
    public String rekeyed(Contract vectors) {
        return of("rekeyed", vectors);
    }

    /// The topics that a version of a feature view can have, that of all its vectors first.
    ///
    /// @param version `NAME.vN`
    public List<String> ofView(String version) {
        return Stream.of("vectors", "latest", "rekeyed")
                .map(kind -> prefix + "." + kind + "." + version)
                .toList();
    }

    /// The topic that says what the feature views are that a platform has run with.
    public String features() {
        return prefix + ".features";
    }

    public String dead(Contract contract, DeadStage stage) {
        return of("dead-" + stage.word(), contract);
    }

    /// The topic of alerts as they stand.
    public String alerts() {
        return shared("alerts");
    }

    /// The topic that tells the watching of models what to do.
    public String monitoringInputs() {
        return shared("monitoring-inputs");
    }

    /// A topic that all contracts share, e.g. `leat.quality`.
    public String shared(String kind) {
        return prefix + "." + kind;
    }

    /// Where it is remembered which dead letters came back.
    public String retries(Contract contract) {
        return of("retries", contract);
    }

    /// Where dead letters come back to one sink alone.
    ///
    /// @param sink [DeadStage#SEARCH] or [DeadStage#LAKE]
    public String retry(Contract contract, DeadStage sink) {
        return of("retry-" + sink.word(), contract);
    }

    /// The topic of all registered versions of all contracts.
    public String contracts() {
        return prefix + ".contracts";
    }

    /// The topic that says how far sources outside of the log have been read.
    public String extractions() {
        return prefix + ".extractions";
    }

    /// The topic by which collectors tell each other of MQTT clients.
    public String mqttSessions() {
        return prefix + ".mqtt-sessions";
    }

    /// The consumer group of a role, e.g. `leat.enricher`.
    public String group(String role) {
        return prefix + "." + role;
    }

    /// The transactional id of one instance of a role; two live processes must not share it.
    public String transactionalId(String role, String instance) {
        return prefix + "." + role + "." + instance;
    }

    /// The search index of a contract's events of one kind (`enriched` or `dead`), generation 1.
    public String index(String kind, Contract contract) {
        return of(kind, contract);
    }

    private String of(String kind, Contract contract) {
        return prefix + "." + kind + "." + contract.nameAndMajor();
    }
}
