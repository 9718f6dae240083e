package leat.launcher.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import leat.launcher.Role;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.TypeConversionException;

final class RoleWordTest {

    @Test
    void everyRoleIsReadAsItIsShown() {
        for (Role role : Role.values()) {
            assertThat(new RoleWord().convert(role.word())).isEqualTo(role);
        }
        assertThat(Role.ENRICHMENT_API.word()).isEqualTo("enrichment-api");
    }

    @Test
    void anUnknownRoleIsAnsweredWithTheKnownOnes() {
        assertThatThrownBy(() -> new RoleWord().convert("loader"))
                .isInstanceOf(TypeConversionException.class)
                .hasMessageContaining("'loader'")
                .hasMessageContaining(
                        "collector, enricher, lake, search, metrics, extractor, monitor,"
                                + " features, scorer, trainer, console, enrichment-api");
    }
}
