package leat.ml.scorer;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import leat.core.event.Position;
import leat.core.prediction.Lineup;
import leat.core.prediction.Standing;
import leat.core.prediction.Term;
import leat.ml.fold.JsonRecords;
import leat.ml.fold.RecordUnreadable;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Terms as records of the topic of scoring: `SCORING/TOPIC-ID/PARTITION@OFFSET` is the key, so
/// that compaction removes none of them.
final class TermRecords {

    private final JsonRecords records;

    TermRecords(String topic) {
        this.records = new JsonRecords(topic);
    }

    ProducerRecord<byte[], byte[]> of(Term term) {
        Lineup lineup = term.lineup();
        ObjectNode value =
                JsonRecords.value()
                        .put("scoring", term.scoring())
                        .put("from", term.from().toString());
        write(value.putObject("champion"), lineup.champion());
        for (Lineup.Canary canary : lineup.canaries()) {
            ObjectNode node = value.withArray("canaries").addObject();
            write(node, canary.standing());
            node.put("from", canary.from()).put("to", canary.to());
        }
        lineup.shadows().forEach(shadow -> write(value.withArray("shadows").addObject(), shadow));
        lineup.features().forEach(value.withArray("features")::add);
        return records.of(term.scoring() + "/" + term.from(), value);
    }

    private static void write(ObjectNode node, Standing standing) {
        node.put("alias", standing.alias()).put("version", standing.version());
        standing.aliasPosition().ifPresent(position -> node.put("alias_position", position));
    }

    /// Empty for a record that was deleted.
    ///
    /// @throws RecordUnreadable when it cannot be read
    Optional<Term> read(ConsumerRecord<byte[], byte[]> record) {
        return records.read(
                record, (_, value) -> Optional.ofNullable(value).map(TermRecords::term));
    }

    private static Term term(JsonNode value) {
        List<Lineup.Canary> canaries = new ArrayList<>();
        value.path("canaries")
                .forEach(node ->
                        canaries.add(
                                new Lineup.Canary(
                                        standing(node),
                                        node.path("from").asInt(0),
                                        node.path("to").asInt(0))));
        List<Standing> shadows = new ArrayList<>();
        value.path("shadows").forEach(node -> shadows.add(standing(node)));
        List<String> features = new ArrayList<>();
        value.path("features").forEach(node -> features.add(node.asString()));
        return new Term(
                value.path("scoring").asString(""),
                Position.parse(value.path("from").asString("")),
                new Lineup(standing(value.path("champion")), canaries, shadows, features));
    }

    private static Standing standing(JsonNode node) {
        JsonNode position = node.path("alias_position");
        return new Standing(
                node.path("alias").asString(""),
                node.path("version").asString(""),
                position.isNumber() ? OptionalLong.of(position.asLong()) : OptionalLong.empty());
    }
}
