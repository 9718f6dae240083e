package leat.ml.featurestore.online;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.Optional;
import leat.core.contract.ContractName;
import leat.core.feature.FeatureSet.Member;
import org.jspecify.annotations.Nullable;

/// What a set says of entities, as JSON. Values stand in the set's order and are the bytes of the
/// vectors.
final class SetAnswer {

    private static final byte[] NULL = "null".getBytes(UTF_8);

    private final ContractName set;
    private final List<Source> sources;
    private final byte[][] labels;

    /// Of each feature the index of its source, and that of its place in the vector.
    private final int[] sourceOf;

    private final int[] placeOf;

    /// @param members in the order of the answer
    /// @param sources those that the members name
    SetAnswer(ContractName set, List<Member> members, List<Source> sources) {
        this.set = set;
        this.sources = sources;
        this.labels =
                members.stream().map(member -> Members.label(member.name())).toArray(byte[][]::new);
        List<String> called = sources.stream().map(Source::called).toList();
        this.sourceOf = members.stream().mapToInt(m -> called.indexOf(m.view())).toArray();
        this.placeOf = new int[sourceOf.length];
        for (int i = 0; i < placeOf.length; i++) {
            placeOf[i] = sources.get(sourceOf[i]).members().indexOf(members.get(i).feature());
        }
    }

    /// A view with its vectors.
    ///
    /// @param called as the set calls the view
    /// @param vectors one an entity
    /// @param oldestMicros query times before this one are too old
    record Source(
            String called,
            OnlineView view,
            Members members,
            List<Optional<StoredVector>> vectors,
            long oldestMicros) {}

    /// What one view says of one entity.
    ///
    /// @param queryMicros beyond all times where there is no vector
    private record Found(EntityStatus status, long queryMicros, Vector vector) {

        static Found of(Source source, int entity) {
            Optional<StoredVector> vector = source.vectors().get(entity);
            if (vector.isEmpty()) {
                return new Found(EntityStatus.UNKNOWN_ENTITY, Long.MAX_VALUE, Vector.NONE);
            }
            byte[] json = vector.get().stored();
            return new Found(
                    vector.get().queryMicros() < source.oldestMicros()
                            ? EntityStatus.STALE
                            : EntityStatus.PRESENT,
                    vector.get().queryMicros(),
                    new Vector(json, source.members().places(json, StoredVector.jsonStart())));
        }
    }

    /// The bytes of a vector, and where its members stand in them.
    private static final class Vector {
        static final Vector NONE = new Vector(new byte[0], new int[0]);

        private final byte[] json;
        private final int[] places;

        Vector(byte[] json, int[] places) {
            this.json = json;
            this.places = places;
        }

        boolean has(int member) {
            return places.length > 0 && !Selection.isNull(json, places[2 * member]);
        }

        /// Writes the member, `null` where there is none.
        void write(int member, AnswerBytes out) {
            if (has(member)) {
                out.write(json, places[2 * member], places[2 * member + 1]);
            } else {
                out.write(NULL);
            }
        }
    }

    void write(List<String> entities, AnswerBytes out) {
        out.write("{\"set\":\"" + set + "\",\"views\":[");
        for (int i = 0; i < sources.size(); i++) {
            OnlineView view = sources.get(i).view();
            out.write(i == 0 ? "" : ",");
            out.write("{\"view\":\"" + view.name() + "\",\"version\":" + view.version() + "}");
        }
        out.write("],\"entities\":[");
        for (int i = 0; i < entities.size(); i++) {
            int entity = i;
            out.write(i == 0 ? "" : ",");
            write(
                    entities.get(i),
                    sources.stream().map(source -> Found.of(source, entity)).toList(),
                    out);
        }
        out.write("]}");
    }

    private void write(String entity, List<Found> found, AnswerBytes out) {
        out.write("{\"entity\":\"").write(FeatureQueries.json(entity));
        out.write("\",\"status\":").write(status(found).json()).write(",\"query_time\":");
        oldest(found).vector().write(Members.QUERY_TIME, out);
        out.write(",\"values\":{");
        for (int i = 0; i < labels.length; i++) {
            Found of = found.get(sourceOf[i]);
            out.write(i == 0 ? "" : ",");
            out.write(labels[i]);
            (of.status() == EntityStatus.PRESENT ? of.vector() : Vector.NONE)
                    .write(placeOf[i], out);
        }
        out.write("},\"statuses\":{");
        writeStatuses(found, out);
        out.write("},\"views\":{");
        for (int i = 0; i < found.size(); i++) {
            out.write(i == 0 ? "" : ",");
            out.write("\"" + sources.get(i).view().name() + "\":{\"status\":");
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
            Found of = found.get(sourceOf[i]);
            @Nullable String status =
                    switch (of.status()) {
                        case PRESENT -> of.vector().has(placeOf[i]) ? null : "\"null\"";
                        case UNKNOWN_ENTITY, STALE, PARTIAL -> of.status().json();
                    };
            if (status != null) {
                out.write(comma).write(labels[i]).write(status);
                comma = ",";
            }
        }
    }

    /// What all views say, else that they differ.
    private static EntityStatus status(List<Found> found) {
        EntityStatus first = found.getFirst().status();
        return found.stream().allMatch(one -> one.status() == first) ? first : EntityStatus.PARTIAL;
    }

    private static Found oldest(List<Found> found) {
        Found oldest = found.getFirst();
        for (Found one : found) {
            oldest = one.queryMicros() < oldest.queryMicros() ? one : oldest;
        }
        return oldest;
    }
}
