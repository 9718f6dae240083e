package leat.core.tracking;

/// A dataset as a client describes it. Its rows are elsewhere.
///
/// @param sourceType what kind of place its rows came from, e.g. `http`
/// @param source the place, as clients of that kind write it, in JSON mostly
/// @param schema its columns, in JSON; empty where nobody said
/// @param profile how large it is, in JSON; empty where nobody said
public record Dataset(
        DatasetId id, String sourceType, String source, String schema, String profile) {}
