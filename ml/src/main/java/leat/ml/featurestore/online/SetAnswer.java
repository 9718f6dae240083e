package leat.ml.featurestore.online;

import java.util.List;
import leat.core.contract.ContractName;
import leat.ml.featurestore.online.FoundVectors.Found;
import leat.ml.featurestore.online.FoundVectors.Vector;
import org.jspecify.annotations.Nullable;

/// What a set says of entities, as JSON. Values stand in the set's order and are the bytes of the
/// vectors.
final class SetAnswer {

    private final ContractName set;
    private final FoundVectors vectors;
    private final byte[][] labels;

    /// @param names of the features that are found, in the order of the answer
    SetAnswer(ContractName set, List<String> names, FoundVectors vectors) {
        this.set = set;
        this.vectors = vectors;
        this.labels = names.stream().map(Members::label).toArray(byte[][]::new);
    }

    void write(List<String> entities, AnswerBytes out) {
        out.write("{\"set\":\"" + set + "\",\"views\":[");
        String comma = "";
        for (FoundVectors.Source source : vectors.sources()) {
            OnlineView view = source.view();
            out.write(comma);
            out.write("{\"view\":\"" + view.name() + "\",\"version\":" + view.version() + "}");
            comma = ",";
        }
        out.write("],\"entities\":[");
        for (int i = 0; i < entities.size(); i++) {
            out.write(i == 0 ? "" : ",");
            write(entities.get(i), vectors.of(i), out);
        }
        out.write("]}");
    }

    private void write(String entity, List<Found> found, AnswerBytes out) {
        out.write("{\"entity\":\"").write(FeatureQueries.json(entity));
        out.write("\",\"status\":").write(FoundVectors.status(found).json());
        out.write(",\"query_time\":");
        FoundVectors.oldest(found).vector().write(Members.QUERY_TIME, out);
        out.write(",\"values\":{");
        for (int i = 0; i < labels.length; i++) {
            Found of = found.get(vectors.source(i));
            out.write(i == 0 ? "" : ",");
            out.write(labels[i]);
            (of.status() == EntityStatus.PRESENT ? of.vector() : Vector.NONE)
                    .write(vectors.place(i), out);
        }
        out.write("},\"statuses\":{");
        writeStatuses(found, out);
        out.write("},\"views\":{");
        for (int i = 0; i < found.size(); i++) {
            out.write(i == 0 ? "" : ",");
            out.write("\"" + vectors.sources().get(i).view().name() + "\":{\"status\":");
            out.write(found.get(i).status().json()).write(",\"query_time\":");
            found.get(i).vector().write(Members.QUERY_TIME, out);
            out.write('}');
        }
        out.write("}}");
    }

    /// Those of the values that are null.
    private void writeStatuses(List<Found> found, AnswerBytes out) {
        String comma = "";
        for (int i = 0; i < labels.length; i++) {
            Found of = found.get(vectors.source(i));
            @Nullable String status =
                    switch (of.status()) {
                        case PRESENT -> of.vector().has(vectors.place(i)) ? null : "\"null\"";
                        case UNKNOWN_ENTITY, STALE, PARTIAL -> of.status().json();
                    };
            if (status != null) {
                out.write(comma).write(labels[i]).write(status);
                comma = ",";
            }
        }
    }
}
