package leat.stream.search;

/// What a search loader is doing.
public sealed interface LoaderState {

    /// It has not reached its first poll.
    record Starting() implements LoaderState {}

    /// It loads what arrives.
    record Running() implements LoaderState {}

    /// Something that may pass stands in its way; it tries again by itself and loses nothing.
    record Waiting(String reason) implements LoaderState {}

    /// It gave up; the reason names the remedy. Other loaders go on.
    record Stopped(String reason) implements LoaderState {}

    /// It was told to end.
    record Closed() implements LoaderState {}
}
