package leat.ml.featurestore.online;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.Optional;
import leat.core.feature.FeatureSet.Member;

/// The vectors that views have of entities, and where the features that are asked for stand in
/// them.
final class FoundVectors {

    private static final byte[] NULL = "null".getBytes(UTF_8);

    private final List<Source> sources;

    /// Of each feature the index of its source, and that of its place in the vector.
    private final int[] sourceOf;

    private final int[] placeOf;

    /// @param members what is asked for, in the order of the answer
    /// @param sources those that the members name
    FoundVectors(List<Member> members, List<Source> sources) {
        this.sources = sources;
        List<String> called = sources.stream().map(Source::called).toList();
        this.sourceOf = members.stream().mapToInt(m -> called.indexOf(m.view())).toArray();
        this.placeOf = new int[sourceOf.length];
        for (int i = 0; i < placeOf.length; i++) {
            placeOf[i] = sources.get(sourceOf[i]).members().indexOf(members.get(i).feature());
        }
    }

    List<Source> sources() {
        return sources;
    }

    /// The index of a feature's source.
    int source(int feature) {
        return sourceOf[feature];
    }

    /// Where a feature stands in the vectors of its source, see [Members].
    int place(int feature) {
        return placeOf[feature];
    }

    /// What each source says of an entity.
    List<Found> of(int entity) {
        return sources.stream().map(source -> Found.of(source, entity)).toList();
    }

    /// What all say of an entity, else that they differ.
    static EntityStatus status(List<Found> found) {
        EntityStatus first = found.getFirst().status();
        return found.stream().allMatch(one -> one.status() == first) ? first : EntityStatus.PARTIAL;
    }

    /// The one whose vector is the oldest; any where none has one.
    static Found oldest(List<Found> found) {
        Found oldest = found.getFirst();
        for (Found one : found) {
            oldest = one.queryMicros() < oldest.queryMicros() ? one : oldest;
        }
        return oldest;
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
    record Found(EntityStatus status, long queryMicros, Vector vector) {

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
    static final class Vector {
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

        /// The value of a member that there is.
        FeatureValue value(int member, OnlineFeature.Kind kind) {
            return FeatureValue.read(kind, json, places[2 * member], places[2 * member + 1]);
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
}
