package leat.launcher.cli;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import leat.ml.scorer.Explanation;
import leat.ml.scorer.Explanation.EventsRead;
import leat.ml.scorer.Explanation.FeatureEvents;
import leat.ml.scorer.Explanation.FeatureValue;
import leat.ml.scorer.Explanation.NamedEvent;

/// Which events the features of a prediction are made of, as text.
final class ExplainedEventsText {

    private final List<FeatureValue> features;
    private final List<EventsRead> read;

    /// @param features in the order in which they are shown
    ExplainedEventsText(List<FeatureValue> features, List<EventsRead> read) {
        this.features = List.copyOf(features);
        this.read = List.copyOf(read);
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
        for (NamedEvent event : events.newest()) {
            add(table, name, event, events.deciding().contains(event));
            name = "";
        }
        long more = events.count() - events.newest().size();
        List<NamedEvent> deciding =
                events.deciding().stream()
                        .filter(event -> !events.newest().contains(event))
                        .toList();
        if (more > 0) {
            String among = deciding.isEmpty() ? "" : ", among them";
            table.row("", "and " + more + " before" + among, "", "", "");
        }
        deciding.forEach(event -> add(table, "", event, true));
    }

    private static void add(TextTable table, String name, NamedEvent event, boolean decides) {
        table.row(
                name,
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
                                            + "; what these are made of is not looked for."));
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
