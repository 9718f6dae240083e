package leat.ml.scorer;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

final class WrittenValueTest {

    private static boolean isSame(String was, Object again) {
        return WrittenValue.isSame(JsonMapper.shared().readTree(was), again);
    }

    @Test
    void realNumbersMayHaveOtherLastBits() {
        assertThat(isSame("0.25", 0.25)).isTrue();
        assertThat(isSame("100000.0", 100_000.5)).isTrue();
        assertThat(isSame("-0.2500001", -0.25)).isTrue();
        assertThat(isSame("0.2501", 0.25)).isFalse();
        assertThat(isSame("0.0", 1e-9)).isFalse();
        assertThat(isSame("0", 0.0)).isTrue();
    }

    @Test
    void wholeNumbersHaveToBeTheSame() {
        assertThat(isSame("1000001", 1_000_001L)).isTrue();
        assertThat(isSame("1000001", 1_000_002L)).isFalse();
        assertThat(isSame("3.5", 3L)).isFalse();
    }

    @Test
    void truthsAndTextsHaveToBeTheSame() {
        assertThat(isSame("true", true)).isTrue();
        assertThat(isSame("true", false)).isFalse();
        assertThat(isSame("\"worn\"", "worn")).isTrue();
        assertThat(isSame("\"worn\"", "sound")).isFalse();
    }

    @Test
    void whatWasNotWrittenOrOtherwiseIsAnotherValue() {
        assertThat(WrittenValue.isSame(JsonMapper.shared().missingNode(), 0L)).isFalse();
        assertThat(isSame("\"1\"", 1L)).isFalse();
        assertThat(isSame("1", "1")).isFalse();
        assertThat(isSame("1", true)).isFalse();
        assertThat(isSame("null", 0.0)).isFalse();
    }
}
