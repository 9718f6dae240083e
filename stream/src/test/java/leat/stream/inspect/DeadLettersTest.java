package leat.stream.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class DeadLettersTest {

    @Test
    void theBeginningOfAnIdIsEnoughWhileNoOtherBeginsLikeIt() {
        assertThat(found("11112222", letter("1111222233334444"), letter("9999222233334444")))
                .contains("1111222233334444");
        assertThat(found("11112222", letter("1111222233334444"), letter("1111222255556666")))
                .isEmpty();
        assertThat(found("1111222", letter("1111222233334444"))).isEmpty();
    }

    @Test
    void aWholeIdIsFoundEvenWhereAnotherBeginsWithIt() {
        assertThat(found("11112222", letter("1111222233334444"), letter("11112222")))
                .contains("11112222");
    }

    private static Optional<String> found(String wanted, DeadLetter... letters) {
        DeadLetters.Search search = new DeadLetters.Search(wanted);
        for (DeadLetter letter : letters) {
            search.look(letter);
        }
        return search.found().map(DeadLetter::id);
    }

    private static DeadLetter letter(String id) {
        LogEvent event =
                new LogEvent(
                        "leat.dead-enricher.orders.v1",
                        0,
                        7,
                        Instant.EPOCH,
                        Optional.empty(),
                        Map.of(),
                        new Payload("{}".getBytes(StandardCharsets.UTF_8)));
        return new DeadLetter(id, "orders.v1", "1.0.0", "enricher", List.of(), event);
    }
}
