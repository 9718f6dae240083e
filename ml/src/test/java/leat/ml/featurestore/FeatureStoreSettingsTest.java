package leat.ml.featurestore;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import leat.core.config.DataSize;
import leat.ml.featurestore.online.OnlineSettings;
import org.junit.jupiter.api.Test;

final class FeatureStoreSettingsTest {

    private static final Duration COMMIT = Duration.ofMillis(30);

    private static void refused(
            Duration commit, int threads, int entityMebibytes, int storeMebibytes, String message) {
        assertThatThrownBy(() ->
                        new FeatureStoreSettings(
                                commit,
                                threads,
                                DataSize.mebibytes(entityMebibytes),
                                DataSize.mebibytes(storeMebibytes),
                                0,
                                OnlineSettings.DEFAULT))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @Test
    void whatIsOutOfItsRangeIsRefusedWithTheRange() {
        refused(Duration.ZERO, 1, 1, 16, "commit-interval must be from PT0.001S to PT5S, not PT0S");
        refused(COMMIT, 65, 1, 16, "threads must be from 1 to 64, not 65");
        refused(COMMIT, 1, 0, 16, "entity-memory must be from 1MiB to 64GiB, not 0B");
        refused(COMMIT, 1, 1, 15, "store-memory must be from 16MiB to 64GiB, not 15MiB");
    }
}
