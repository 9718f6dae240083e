package leat.stream.enricher.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class RetryBudgetTest {

    private static long repeated(RetryBudget budget, int times) {
        return IntStream.range(0, times).filter(_ -> budget.repeat()).count();
    }

    @Test
    void repetitionsAreAShareOfTheCallsBeyondTheFirstTen() {
        RetryBudget budget = new RetryBudget(20);

        assertThat(repeated(budget, 100)).isEqualTo(10);
        for (int i = 0; i < 25; i++) {
            budget.called();
        }
        assertThat(repeated(budget, 100)).isEqualTo(5);
    }

    @Test
    void noMoreThanTenAreSaved() {
        RetryBudget budget = new RetryBudget(100);
        for (int i = 0; i < 1_000; i++) {
            budget.called();
        }

        assertThat(repeated(budget, 100)).isEqualTo(10);
    }

    @Test
    void zeroPercentRepeatNothing() {
        RetryBudget budget = new RetryBudget(0);
        budget.called();

        assertThat(repeated(budget, 10)).isZero();
    }
}
