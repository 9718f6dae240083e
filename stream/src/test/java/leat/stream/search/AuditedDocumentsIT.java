package leat.stream.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import leat.core.event.Hash128;
import leat.stream.audit.EngineDocuments;
import leat.stream.audit.TimeRange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What an audit reads of a real engine.
final class AuditedDocumentsIT {

    private static final TimeRange AT_THE_TIME =
            new TimeRange(Records.APPENDED_MILLIS, Records.APPENDED_MILLIS + 1);
    private static final TimeRange BEFORE =
            new TimeRange(Records.APPENDED_MILLIS - 1_000, Records.APPENDED_MILLIS);

    private final SearchFixture fixture = new SearchFixture();

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void everyDeadLetterOfOneMillisecondIsReadThoughTheyAreMoreThanAnAnswerHolds() {
        // Given
        int letters = 10_100;
        fixture.kill(0, letters);
        try (SearchLoader _ = fixture.loader()) {
            fixture.awaitCount(fixture.deadIndex(), letters);
        }
        EngineDocuments documents = new EngineDocuments(fixture.engine);
        Set<Hash128> found = new HashSet<>();

        // When
        documents.deadDocuments(fixture.deadIndex(), AT_THE_TIME, found::add);

        // Then
        Set<Hash128> expected = new HashSet<>();
        for (int n = 0; n < letters; n++) {
            expected.add(Hash128.of("enricher", SearchFixture.rawPosition(n)));
        }
        assertThat(found).isEqualTo(expected);
        assertThat(documents.countDead(fixture.deadIndex(), AT_THE_TIME)).isEqualTo(letters);
        assertThat(documents.countDead(fixture.deadIndex(), BEFORE)).isZero();
        assertThat(documents.countDead("no-such-index", AT_THE_TIME)).isZero();
    }
}
