package leat.stream.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import leat.core.event.Names.DeadStage;
import leat.stream.inspect.DeadLetter.DeathReason;
import org.junit.jupiter.api.Test;

final class DeadLettersTest {

    private static final Instant EPOCH = Instant.EPOCH;

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

    @Test
    void aLetterIsWantedWhenOneOfItsReasonsHasBothCodeAndField() {
        DeadLetter letter =
                letter(
                        "1111222233334444",
                        new DeathReason("missing", "speed", ""),
                        new DeathReason("type", "tyres[2].bar", ""));

        assertThat(filter("missing", "speed").accepts(letter)).isTrue();
        assertThat(filter("type", "tyres[].bar").accepts(letter)).isTrue();
        assertThat(filter("missing", "tyres[].bar").accepts(letter)).isFalse();
    }

    @Test
    void timesVersionsStagesAndIdsNarrowWhatIsWanted() {
        DeadLetter letter = letter("1111222233334444", new DeathReason("type", "speed", ""));

        assertThat(DeadLetterFilter.ALL.accepts(letter)).isTrue();
        assertThat(between(EPOCH, EPOCH.plusMillis(1)).accepts(letter)).isTrue();
        assertThat(between(EPOCH.plusMillis(1), EPOCH.plusMillis(2)).accepts(letter)).isFalse();
        assertThat(between(EPOCH.minusMillis(1), EPOCH).accepts(letter)).isFalse();
        assertThat(DeadLetterFilter.ALL.at(DeadStage.ENRICHER).accepts(letter)).isTrue();
        assertThat(DeadLetterFilter.ALL.at(DeadStage.LAKE).accepts(letter)).isFalse();
        assertThat(of("1.0.0", List.of()).accepts(letter)).isTrue();
        assertThat(of("1.0.1", List.of()).accepts(letter)).isFalse();
        assertThat(of("1.0.0", List.of("99999999", "11112222")).accepts(letter)).isTrue();
        assertThat(of("1.0.0", List.of("leat.dead-enricher.orders.v1/0@7")).accepts(letter))
                .isTrue();
        assertThat(of("1.0.0", List.of("1111")).accepts(letter)).isFalse();
    }

    private static DeadLetterFilter filter(String reason, String field) {
        return new DeadLetterFilter(
                Optional.empty(),
                Optional.of(reason),
                Optional.of(field),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of());
    }

    private static DeadLetterFilter between(Instant since, Instant until) {
        return new DeadLetterFilter(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(since),
                Optional.of(until),
                List.of());
    }

    private static DeadLetterFilter of(String version, List<String> ids) {
        return new DeadLetterFilter(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(version),
                Optional.empty(),
                Optional.empty(),
                ids);
    }

    private static Optional<String> found(String wanted, DeadLetter... letters) {
        DeadLetters.Search search = new DeadLetters.Search(wanted);
        for (DeadLetter letter : letters) {
            search.look(letter);
        }
        return search.found().map(DeadLetter::id);
    }

    private static DeadLetter letter(String id, DeathReason... reasons) {
        LogEvent event =
                new LogEvent(
                        "leat.dead-enricher.orders.v1",
                        0,
                        7,
                        EPOCH,
                        Optional.empty(),
                        Map.of(),
                        new Payload("{}".getBytes(StandardCharsets.UTF_8)));
        return new DeadLetter(id, "orders.v1", "1.0.0", "enricher", List.of(reasons), event);
    }
}
