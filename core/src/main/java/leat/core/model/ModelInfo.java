package leat.core.model;

/// What a registered model is, without its versions. Of one that was deleted this is left, so that
/// a later one of its name goes on with the numbers: a version that was once served never means
/// something else.
///
/// @param lastVersion the highest number that was given to a version; 0 for none
public record ModelInfo(
        String id,
        String name,
        String description,
        long createdMillis,
        long updatedMillis,
        int lastVersion,
        boolean deleted) {

    ModelInfo named(String newName, int newLastVersion, long nowMillis) {
        return new ModelInfo(
                id, newName, description, createdMillis, nowMillis, newLastVersion, deleted);
    }

    ModelInfo described(String newDescription, long nowMillis) {
        return new ModelInfo(
                id, name, newDescription, createdMillis, nowMillis, lastVersion, deleted);
    }

    /// A version was made, changed or deleted.
    ModelInfo changed(int newLastVersion, long nowMillis) {
        return named(name, newLastVersion, nowMillis);
    }

    ModelInfo gone(long nowMillis) {
        return new ModelInfo(id, name, "", createdMillis, nowMillis, lastVersion, true);
    }
}
