package leat.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class GitCheckoutTest {

    @TempDir private Path folder;

    @Test
    void itTellsWhatDiffersBelowAFolderOfTheRepository() throws Exception {
        // Given
        GitRepository repository = GitRepository.fresh(folder, Map.of());
        String first = repository.commit("plant/models/wear of a tool.yaml", "1");
        String second = repository.commit("plant/models/wear of a tool.yaml", "2");
        String third = repository.commit("elsewhere.txt", "3");

        // When
        GitCheckout checkout = new GitCheckout(folder.resolve("plant"));

        // Then
        assertThat(checkout.commit()).isEqualTo(third);
        assertThat(checkout.resolve("HEAD~1")).isEqualTo(second);
        assertThat(checkout.changedSince(first))
                .containsExactly(Path.of("models/wear of a tool.yaml"));
        assertThat(checkout.changedSince(second)).isEmpty();
        assertThat(checkout.has(first)).isTrue();
        assertThat(checkout.has(first.replaceAll("[0-7]", "8"))).isFalse();
        assertThat(checkout.isBehind(first, third)).isTrue();
        assertThat(checkout.isBehind(third, first)).isFalse();
        assertThat(checkout.isBehind(third, third)).isFalse();
        assertThat(GitCheckout.isNone("0".repeat(40))).isTrue();
        assertThatThrownBy(() -> checkout.resolve("--output=x"))
                .isInstanceOf(UserError.class)
                .hasMessage("the repository has no commit --output=x");
    }

    @Test
    void whatIsNotCommittedIsRefused() throws Exception {
        GitRepository repository = GitRepository.fresh(folder, Map.of());
        String _ = repository.commit("models/wear.yaml", "1");
        GitCheckout checkout = new GitCheckout(folder);
        Files.writeString(folder.resolve("leat.yaml"), "format: 1");
        checkout.refuseUncommitted(List.of("features", "models"));
        Files.writeString(folder.resolve("models/wear.yaml"), "2");
        Files.writeString(folder.resolve("models/heat.yaml"), "2");

        assertThatThrownBy(() -> checkout.refuseUncommitted(List.of("features", "models")))
                .isInstanceOf(UserError.class)
                .hasMessage(
                        "models/heat.yaml, models/wear.yaml differ from the commit that is checked"
                                + " out");
    }

    @Test
    void aFolderOfNoRepositoryIsRefused() {
        assertThatThrownBy(() -> new GitCheckout(folder).commit())
                .isInstanceOf(UserError.class)
                .hasMessageContaining(
                        " is not checked out from a Git repository: fatal: not a git");
    }
}
