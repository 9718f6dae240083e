package leat.ml.featurestore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import leat.core.feature.EntityState;
import leat.core.feature.Layout;
import leat.core.feature.TileUnreadable;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.streams.errors.StreamsException;
import org.junit.jupiter.api.Test;

final class ViewFailureTest {

    private static ViewFailure failure(Throwable cause) {
        return ViewFailure.of(new StreamsException("a task failed", new StreamsException(cause)));
    }

    @Test
    void whatAnotherAttemptWouldOnlyRepeatIsToldWithItsRemedy() {
        TileUnreadable unreadable =
                Objects.requireNonNull(
                        catchThrowableOfType(
                                TileUnreadable.class,
                                () ->
                                        EntityState.restored(
                                                Layout.of(Driving.FLOW.compiled().shape()),
                                                List.of(Map.entry(0L, new byte[] {9})))));

        assertThat(failure(unreadable).lasting("1").orElseThrow())
                .startsWith("The state's entry of the tile at 0 µs")
                .endsWith("Give the view a new version, or build its state anew.");
        assertThat(
                        failure(
                                        new RecordTooLargeException(
                                                "5 of 4 bytes", new Exception("deeper")))
                                .lasting("1")
                                .orElseThrow())
                .contains("(5 of 4 bytes): split the view or lower its limits of distinct");
        assertThat(failure(new FencedInstanceIdException("fenced")).lasting("7").orElseThrow())
                .contains("instance '7'")
                .endsWith("give one of them another name with --instance");
    }

    @Test
    void whatMayPassIsTriedAgain() {
        ViewFailure passing = failure(new TimeoutException("no answer"));

        assertThat(passing.lasting("1")).isEmpty();
        assertThat(passing.cause()).hasMessage("no answer");
    }
}
