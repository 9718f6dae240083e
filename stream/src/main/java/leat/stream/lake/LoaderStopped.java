package leat.stream.lake;

/// The loader of one table must not go on until somebody has looked. The message says why and names
/// the remedy; the table is as it was after its last commit.
public final class LoaderStopped extends RuntimeException {

    LoaderStopped(String why, String remedy) {
        super(why + ". Remedy: " + remedy);
    }
}
