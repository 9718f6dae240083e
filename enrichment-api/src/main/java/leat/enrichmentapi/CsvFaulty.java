package leat.enrichmentapi;

import java.nio.file.Path;

/// A CSV file that cannot be looked up in. Correct the file, then start again.
public final class CsvFaulty extends RuntimeException {

    private final String remedy;

    CsvFaulty(Path file, String problem, String remedy) {
        super(file + " " + problem);
        this.remedy = remedy;
    }

    /// What to do.
    public String remedy() {
        return remedy;
    }
}
