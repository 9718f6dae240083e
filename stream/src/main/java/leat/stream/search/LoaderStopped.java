package leat.stream.search;

/// The loader must not go on: what it would write could be wrong. The message says what an operator
/// has to do.
final class LoaderStopped extends RuntimeException {

    LoaderStopped(String what) {
        super(what);
    }
}
