package leat.ml.featurestore.online;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import leat.core.catalog.OnlineReader;
import org.junit.jupiter.api.Test;

final class AskersTest {

    private final Askers askers = new Askers();

    private static OnlineReader reader(String name, long questions, long lastMillis) {
        return new OnlineReader(name, questions, Instant.ofEpochMilli(lastMillis));
    }

    @Test
    void whoeverAsksMostStandsFirstWithTheTimeOfTheNewestQuestion() {
        askers.count("shop", 5);
        askers.count("garage", 7);
        askers.count("garage", 6);
        askers.count("app", 9);

        assertThat(askers.readers())
                .containsExactly(reader("garage", 2, 7), reader("app", 1, 9), reader("shop", 1, 5));
    }

    @Test
    void nobodyHasAskedAtFirst() {
        assertThat(askers.readers()).isEmpty();
    }

    @Test
    void namesBeyondTheLimitAreCountedTogetherAndStandLast() {
        for (int i = 0; i < Askers.MAX_NAMES; i++) {
            askers.count("key-" + i, 1);
        }

        askers.count("late", 2);
        askers.count("later", 3);
        askers.count("key-7", 4);

        assertThat(askers.readers()).hasSize(Askers.MAX_NAMES + 1);
        assertThat(askers.readers().getFirst()).isEqualTo(reader("key-7", 2, 4));
        assertThat(askers.readers().getLast()).isEqualTo(reader("others", 2, 3));
    }

    @Test
    void aKeyThatIsNamedAsTheRestIsCountedWithIt() {
        askers.count("others", 1);
        for (int i = 0; i < Askers.MAX_NAMES; i++) {
            askers.count("key-" + i, 2);
        }

        askers.count("late", 3);
        askers.count("others", 4);

        assertThat(askers.readers())
                .filteredOn(one -> one.name().equals("others"))
                .containsExactly(reader("others", 3, 4));
    }

    @Test
    void manyThreadsAreCountedEach() throws Exception {
        int threads = 8;
        long questions = 10_000;
        CountDownLatch start = new CountDownLatch(1);
        List<Thread> asking = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            String name = "key-" + i % 2;
            asking.add(
                    Thread.ofVirtual()
                            .start(() -> {
                                try {
                                    start.await();
                                } catch (InterruptedException e) {
                                    throw new AssertionError(e);
                                }
                                for (long n = 0; n < questions; n++) {
                                    askers.count(name, n);
                                }
                            }));
        }

        start.countDown();
        for (Thread thread : asking) {
            thread.join();
        }

        assertThat(askers.readers())
                .containsExactly(
                        reader("key-0", threads / 2 * questions, questions - 1),
                        reader("key-1", threads / 2 * questions, questions - 1));
    }
}
