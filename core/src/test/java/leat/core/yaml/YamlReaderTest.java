package leat.core.yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import leat.core.yaml.YamlNode.Mapping;
import leat.core.yaml.YamlNode.Scalar;
import leat.core.yaml.YamlNode.Sequence;
import org.junit.jupiter.api.Test;

class YamlReaderTest {

    private static final Path FILE = Path.of("leat.yaml");

    private final Problems problems = new Problems();

    private Optional<YamlNode> read(String text) {
        return YamlReader.read(FILE, text, problems);
    }

    private List<String> complaints() {
        return problems.list().stream().map(Problem::toString).toList();
    }

    @Test
    void everyNodeKnowsItsLineAndColumn() {
        YamlNode root = read("log:\n  servers:\n    - one\n    - 'two'\n").orElseThrow();

        assertThat(root).isInstanceOf(Mapping.class);
        Mapping log = (Mapping) ((Mapping) root).find("log").orElseThrow();
        Sequence servers = (Sequence) log.find("servers").orElseThrow();
        assertThat(servers.items())
                .containsExactly(
                        new Scalar("one", true, new Location(FILE, 3, 7)),
                        new Scalar("two", false, new Location(FILE, 4, 7)));
        assertThat(problems.list()).isEmpty();
    }

    @Test
    void aKeyThatStandsTwiceIsNamedWithBothLinesAndTheRestIsStillRead() {
        Optional<YamlNode> root = read("a: 1\nb:\n  c: 2\n  c: 3\na: 4\n");

        assertThat(complaints())
                .containsExactly(
                        "leat.yaml:4: b.c: stands twice, first in line 3. Remove one of the two.",
                        "leat.yaml:5: a: stands twice, first in line 1. Remove one of the two.");
        assertThat(root).isPresent();
    }

    @Test
    void aSyntaxErrorIsAProblemWithItsLine() {
        assertThat(read("a: 1\nb: [1, 2\nc: 3\n")).isEmpty();

        assertThat(complaints()).singleElement().asString().startsWith("leat.yaml:3: not valid");
    }

    @Test
    void aTextWithABracketInsideOfBracesIsToBePutInQuotes() {
        assertThat(read("outputs:\n  {label: label, risk: probabilities[1]}\n")).isEmpty();
        assertThat(read("outputs: [label, probabilities[1]]\n")).isEmpty();

        assertThat(complaints())
                .satisfiesExactly(
                        first ->
                                assertThat(first)
                                        .startsWith("leat.yaml:2: not valid YAML: ")
                                        .endsWith(
                                                ". Put it in quotes, 'probabilities[1]': within {…}"
                                                        + " and […] a bracket would begin a list of"
                                                        + " its own."),
                        second ->
                                assertThat(second)
                                        .startsWith("leat.yaml:1: not valid YAML: ")
                                        .contains("Put it in quotes, 'probabilities[1]'"));
    }

    @Test
    void whatBreaksOffElsewhereIsNotToBePutInQuotes() {
        read("outputs: {risk: 'probabilities[1]', label: [a, b}\n");

        assertThat(complaints()).singleElement().asString().doesNotContain("quotes");
    }

    @Test
    void aliasesSecondDocumentsEmptyFilesAndDeepNestingAreRefused() {
        read("a: &x [1]\nb: *x\n");
        read("a: 1\n---\nb: 2\n");
        read("");
        read("[".repeat(100) + "]".repeat(100));

        assertThat(complaints())
                .containsExactly(
                        "leat.yaml:2: the alias *x is not supported. Write the value again.",
                        "leat.yaml:2: the file holds more than one document. Remove the '---'.",
                        "leat.yaml:1: the file is empty.",
                        "leat.yaml:1: nested deeper than 64. Make it flatter.");
    }

    @Test
    void nullAndEmptyCountAsAbsent() {
        Mapping root = (Mapping) read("a:\nb: ~\nc: ''\nd: null\n").orElseThrow();

        assertThat(root.find("a")).isEmpty();
        assertThat(root.find("b")).isEmpty();
        assertThat(root.find("c")).isPresent();
        assertThat(root.find("d")).isEmpty();
        assertThat(root.entry("d")).isPresent();
    }

    @Test
    void aMissingFileIsAProblem() {
        assertThat(YamlReader.read(Path.of("no-such-folder/x.yaml"), problems)).isEmpty();

        assertThat(complaints()).singleElement().asString().contains("there is no such file");
    }

    @Test
    void aFaultThrownHoldsEveryProblem() {
        read("a: 1\na: 2\n");
        Checked<String> faulty = new Checked.Faulty<>(problems.list());

        assertThatThrownBy(faulty::orThrow)
                .isInstanceOf(ProblemsException.class)
                .hasMessageContaining("leat.yaml:2: a: stands twice");
    }

    @Test
    void theNearestNameIsFoundDespiteSlipsAndNoneWhereNothingIsNear() {
        List<String> known = List.of("commit-interval", "target-size", "retention");

        assertThat(NearestName.of("comit-interval", known)).contains("commit-interval");
        assertThat(NearestName.of("commitInterval", known)).contains("commit-interval");
        assertThat(NearestName.of("retnetion", known)).contains("retention");
        assertThat(NearestName.of("colour", known)).isEmpty();
    }
}
