package leat.stream.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import leat.stream.log.WaitReport.Line;
import org.junit.jupiter.api.Test;

final class WaitReportTest {

    private final WaitReport report = new WaitReport();

    @Test
    void anEngineThatStartsIsOneLineAndItsEndAnother() {
        for (int second = 0; second < 15; second++) {
            assertThat(report.waits(seconds(second)))
                    .isEqualTo(second == 0 ? Line.BEGINS : Line.NONE);
        }

        assertThat(report.waited(seconds(15))).isEqualTo(Duration.ofSeconds(15));
        assertThat(report.goesOn()).isTrue();
        assertThat(report.goesOn()).isFalse();
        assertThat(report.waited(seconds(16))).isZero();
    }

    @Test
    void aLongWaitIsWarnedOfAtGrowingIntervals() {
        List<Integer> warned = new ArrayList<>();
        for (int second = 0; second < 3_000; second += 10) {
            if (report.waits(seconds(second)) == Line.LASTS) {
                warned.add(second);
            }
        }

        assertThat(warned).containsExactly(30, 90, 210, 450, 930, 1_530, 2_130, 2_730);
    }

    @Test
    void thePatienceIsWholeAgainAfterItWentOn() {
        report.waits(seconds(0));
        report.goesOn();

        assertThat(report.waits(seconds(100))).isEqualTo(Line.BEGINS);
        assertThat(report.waits(seconds(129))).isEqualTo(Line.NONE);
        assertThat(report.waits(seconds(130))).isEqualTo(Line.LASTS);
    }

    private static long seconds(int seconds) {
        return Duration.ofSeconds(seconds).toNanos();
    }
}
