package leat.core.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

final class ProblemTest {

    private static final Path HERE = Path.of("").toAbsolutePath();

    @Test
    void aFileBeneathTheFolderIsNamedFromThere() {
        Problem problem = problem(HERE.resolve("shop/leat.yaml"));

        assertThat(problem.from(HERE)).hasToString("shop/leat.yaml:2: prefx: no such key.");
        assertThat(problem.from(HERE.resolve("shop"))).asString().startsWith("leat.yaml:2:");
        assertThat(problem.from(Path.of(""))).asString().startsWith("shop/leat.yaml:2:");
    }

    @Test
    void aFileElsewhereKeepsItsName() {
        Problem problem = problem(HERE.resolve("shop/leat.yaml"));

        assertThat(problem.from(HERE.resolve("sho"))).isEqualTo(problem);
        assertThat(problem.from(HERE.resolve("office"))).isEqualTo(problem);
    }

    private static Problem problem(Path file) {
        return new Problem(new Location(file, 2, 1), "prefx", "no such key", "");
    }
}
