package leat.launcher.cli;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import leat.ml.scorer.Explanation;
import leat.ml.scorer.Explanation.EventsRead;
import leat.ml.scorer.Explanation.FeatureEvents;
import leat.ml.scorer.Explanation.FeatureValue;
import leat.ml.scorer.Explanation.NamedEvent;

/// Which events the features of a prediction are made of, as text.
final class ExplainedEventsText {

    private final List<FeatureValue> features;
    private final List<EventsRead> read;
    private final Set<String> followed;

    /// @param features in the order in which they are shown
    /// @param followed the views whose vectors are explained themselves
    ExplainedEventsText(List<FeatureValue> features, List<EventsRead> read, Set<String> followed) {
        this.features = List.copyOf(features);
        this.read = List.copyOf(read);
        this.followed = Set.copyOf(followed);
    }

    /// How many events there are: `17`, `17 or more`, or `unknown`.
    static String count(Optional<FeatureEvents> events) {
        return events.filter(found -> found.complete() || found.count() > 0)
                .map(found -> found.count() + (found.complete() ? "" : " or more"))
                .orElse("unknown");
    }

    /// The newest events of each feature, and those that decide its value; of features of the same
    /// events once.
    TextTable table() {
        boolean ofVectors = read.stream().anyMatch(one -> one.vectorsOf().isPresent());
        TextTable table =
                new TextTable(
                        "FEATURE", "EVENT", "TIME", ofVectors ? "WRITTEN WITH" : "ID", "DECIDES");
        Map<FeatureEvents, String> shown = new HashMap<>();
        for (FeatureValue feature : features) {
            Optional<FeatureEvents> events = feature.events();
            Optional<String> same = events.map(shown::get);
            if (events.isEmpty() || events.get().newest().isEmpty()) {
                boolean none = events.filter(FeatureEvents::complete).isPresent();
                table.row(feature.name(), none ? "none" : "unknown", "", "", "");
            } else if (same.isPresent()) {
                table.row(feature.name(), "as " + same.get(), "", "", "");
            } else {
                shown.put(events.get(), feature.name());
                add(table, feature.name(), events.get());
            }
        }
        return table;
    }

    private static void add(TextTable table, String feature, FeatureEvents events) {
        String name = feature;
        for (List<String> row : rows(events)) {
            table.row(Stream.concat(Stream.of(name), row.stream()).toList());
            name = "";
        }
    }

    /// The newest events and those that decide, a row each: event, time, who it is, whether it
    /// decides.
    static List<List<String>> rows(FeatureEvents events) {
        List<List<String>> rows = new ArrayList<>();
        for (NamedEvent event : events.newest()) {
            rows.add(row(event, events.deciding().contains(event)));
        }
        long more = events.count() - events.newest().size();
        List<NamedEvent> deciding =
                events.deciding().stream()
                        .filter(event -> !events.newest().contains(event))
                        .toList();
        if (more > 0) {
            String among = deciding.isEmpty() ? "" : ", among them";
            rows.add(List.of("and " + more + " before" + among, "", "", ""));
        }
        deciding.forEach(event -> rows.add(row(event, true)));
        return rows;
    }

    private static List<String> row(NamedEvent event, boolean decides) {
        return List.of(
                event.position(),
                event.time().toString(),
                event.event().or(event::id).orElse(""),
                decides ? "yes" : "");
    }

    /// Where they were looked for, and what is not known.
    ///
    /// @param within for how long they were
    List<String> lines(String within) {
        List<String> lines = new ArrayList<>();
        for (EventsRead one : read) {
            lines.add(
                    "Events of "
                            + one.view()
                            + " are those in "
                            + one.topic()
                            + " from "
                            + one.from()
                            + " to "
                            + one.to()
                            + ".");
            one.lacking().ifPresent(why -> lines.add(lacking(why, within)));
            one.vectorsOf()
                    .ifPresent(view ->
                            lines.add(
                                    "They are vectors of "
                                            + view
                                            + (followed.contains(view)
                                                    ? "; what is read of those that are named"
                                                            + " stands below."
                                                    : ".")));
        }
        return lines;
    }

    private static String lacking(String why, String within) {
        return why.equals(Explanation.UNREAD)
                ? "What stands before was not read within "
                        + within
                        + "; with a longer --within it is."
                : "What stood before is deleted by the retention of the contract.";
    }
}
