package leat.stream.search;

/// The index was deleted or made again while the loader worked on it: everything has to be loaded
/// again from the start of the log.
final class IndexGone extends RuntimeException {

    IndexGone(String what) {
        super(what);
    }
}
