package leat.core.feature;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import leat.core.contract.ContractName;
import leat.core.yaml.Checked;
import leat.core.yaml.Keys;
import leat.core.yaml.Location;
import leat.core.yaml.Problem;
import leat.core.yaml.Problems;
import leat.core.yaml.YamlNode.Scalar;

/// What the files of views, of sets and of scorings have in common.
///
/// @param root the keys of the file
public record DefinitionFile(Path file, Keys root) {

    /// What the names of such files end with.
    public static final String SUFFIX = ".yaml";

    private static final int MAX_TAGS = 100;
    private static final String WORD = "[a-z][a-z0-9_-]{0,79}";
    private static final Comparator<Problem> BY_PLACE =
            Comparator.comparing((Problem problem) -> problem.location().file())
                    .thenComparingInt(problem -> problem.location().line());

    /// What was read, or what is wrong with it, in the order of files and lines.
    public static <T> Checked<T> checked(Optional<T> value, Problems problems) {
        return value.isPresent() && problems.isEmpty()
                ? new Checked.Sound<>(value.get())
                : new Checked.Faulty<>(problems.list().stream().sorted(BY_PLACE).toList());
    }

    /// The name that the file gives what it defines; a placeholder where it cannot be one, which is
    /// a problem.
    ///
    /// @param noun what is defined, `view`
    public ContractName name(String noun, String example) {
        String fileName = file.getFileName().toString();
        String name =
                fileName.endsWith(SUFFIX)
                        ? fileName.substring(0, fileName.length() - SUFFIX.length())
                        : fileName;
        try {
            return new ContractName(name);
        } catch (IllegalArgumentException _) {
            root.problems()
                    .add(
                            Location.startOf(file),
                            "",
                            "the name of the file is no name of a " + noun,
                            "use lower case letters, digits and hyphens, a letter first: "
                                    + example);
            return new ContractName("unnamed");
        }
    }

    /// What the features are of; empty where a problem says so.
    String entity() {
        Optional<String> entity =
                root.requiredText("entity", "say what the features are of, e.g. car");
        entity.filter(text -> !text.matches(WORD))
                .ifPresent(text ->
                        root.complain(
                                "entity",
                                "'" + text + "' is no word",
                                "use lower case letters, digits, hyphens and underscores, a"
                                        + " letter first"));
        return entity.orElse("");
    }

    /// What people find it by.
    public List<String> tags() {
        List<String> tags = root.scalars("tags").stream().map(Scalar::text).distinct().toList();
        if (tags.size() > MAX_TAGS) {
            root.complain("tags", "are more than " + MAX_TAGS, "remove some");
        }
        return tags;
    }
}
