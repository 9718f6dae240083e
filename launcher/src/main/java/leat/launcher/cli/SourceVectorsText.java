package leat.launcher.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import leat.ml.scorer.Explanation;
import leat.ml.scorer.Explanation.EventsRead;
import leat.ml.scorer.Explanation.FeatureEvents;
import leat.ml.scorer.Explanation.FeatureValue;
import leat.ml.scorer.Explanation.SourceVector;

/// What is read of vectors that are events of features, as text.
final class SourceVectorsText {

    private static final String UNKNOWN = "unknown";

    private final List<SourceVector> vectors;
    private final List<EventsRead> read;

    SourceVectorsText(List<SourceVector> vectors, List<EventsRead> read) {
        this.vectors = List.copyOf(vectors);
        this.read = List.copyOf(read);
    }

    /// The tables, by the names of the views.
    Map<String, TextTable> tables() {
        Map<String, TextTable> tables = new LinkedHashMap<>();
        for (SourceVector vector : vectors) {
            add(tables.computeIfAbsent(vector.view(), this::table), vector);
        }
        return tables;
    }

    /// The views that they are of.
    Set<String> views() {
        return tables().keySet();
    }

    private TextTable table(String view) {
        boolean ofVectors =
                read.stream()
                        .anyMatch(one -> one.view().equals(view) && one.vectorsOf().isPresent());
        return new TextTable(
                "VECTOR",
                "FEATURE",
                "VALUE",
                "EVENTS",
                "EVENT",
                "TIME",
                ofVectors ? "WRITTEN WITH" : "ID",
                "DECIDES");
    }

    private static void add(TextTable table, SourceVector vector) {
        String position = vector.position();
        if (vector.lacking().isPresent()) {
            String why = vector.lacking().get().equals(Explanation.UNREAD) ? "not read" : "deleted";
            table.row(position, why, UNKNOWN, UNKNOWN, UNKNOWN, "", "", "");
        }
        for (FeatureValue feature : vector.features()) {
            String value = feature.value().map(ModelsExplainCommand::value).orElse("none");
            String count = ExplainedEventsText.count(feature.events());
            List<String> start = List.of(position, feature.name(), value, count);
            for (List<String> row : rows(feature)) {
                table.row(Stream.concat(start.stream(), row.stream()).toList());
                start = List.of("", "", "", "");
            }
            position = "";
        }
    }

    private static List<List<String>> rows(FeatureValue feature) {
        List<List<String>> rows =
                new ArrayList<>(feature.events().map(ExplainedEventsText::rows).orElse(List.of()));
        if (rows.isEmpty()) {
            boolean none = feature.events().filter(FeatureEvents::complete).isPresent();
            rows.add(List.of(none ? "none" : UNKNOWN, "", "", ""));
        }
        return rows;
    }
}
