package leat.stream.search;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A loader for each of several contracts, which end together.
public final class SearchLoaders implements AutoCloseable {

    private final Map<String, SearchLoader> loaders = new LinkedHashMap<>();

    private SearchLoaders() {}

    /// Starts loading and returns at once; neither the engine nor the log has to be there yet.
    ///
    /// @param parts one for each contract
    public static SearchLoaders start(List<SearchLoader.Parts> parts) {
        SearchLoaders started = new SearchLoaders();
        for (SearchLoader.Parts one : parts) {
            started.loaders.put(one.contract().nameAndMajor(), SearchLoader.start(one));
        }
        return started;
    }

    /// What each is doing, by `CONTRACT.vN`.
    public Map<String, LoaderState> states() {
        Map<String, LoaderState> states = new LinkedHashMap<>();
        loaders.forEach((contract, loader) -> states.put(contract, loader.state()));
        return states;
    }

    /// Asks all to end before it waits for the first.
    @Override
    public void close() {
        loaders.values().forEach(SearchLoader::stop);
        loaders.values().forEach(SearchLoader::close);
    }
}
