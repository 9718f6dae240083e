package leat.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.Set;
import leat.core.config.SettingsReader;
import leat.launcher.config.LeatConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ExposureTest {

    private static final Platform.Options ALL = new Platform.Options(Set.of(Role.values()), "1", 0);

    @TempDir private Path folder;

    private void check(String yaml, Platform.Options options) throws IOException {
        Path file = folder.resolve("leat.yaml");
        Files.writeString(file, yaml);
        Exposure.refuseOpenDoors(SettingsReader.read(file, LeatConfig.class).orThrow(), options);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "collector: {http: {host: 0.0.0.0}} | collector.http.host | collector.access.mode",
                "collector: {http: {host: 0.0.0.0}, tls: {certificate: c, key: k}} |"
                        + " collector.http.host | leat keys create",
                "collector: {http: {host: 192.0.2.1}} | collector.http.host | leat keys create",
                "collector: {http: {host: '::'}} | collector.http.host | set collector.http.host",
                "collector: {syslog: {host: 0.0.0.0, contract: c}, access: {mode: keys}}"
                        + "| collector.syslog.host | collector.tls with client-authorities",
                "collector: {syslog: {host: 0.0.0.0, contract: c}, tls: {certificate: c, key: k,"
                        + " client-authorities: a}} | collector.syslog.host | leat keys create",
                "collector: {syslog: {host: 0.0.0.0, contract: c, plain: true}, access: {mode:"
                        + " keys}, tls: {certificate: c, key: k, client-authorities: a}}"
                        + "| collector.syslog.host | leave collector.syslog.plain out",
                "collector: {syslog: {contract: c}, access: {mode: keys}, tls: {certificate: c,"
                        + " key: k}} | syslog door | collector.syslog.plain: true",
                "collector: {grpc: {host: 0.0.0.0}} | collector.grpc.host | leat keys create",
                "console: {host: 0.0.0.0} | console.host | console.access: keys",
                "enrichment-api: {grpc: {host: 0.0.0.0}} | enrichment-api.grpc.host | allow-anyone",
                "enrichment-api: {http: {host: 0.0.0.0}} | enrichment-api.http.host | allow-anyone",
            })
    void refusesWhatOthersCouldReachUnasked(String yaml, String key, String remedy) {
        assertThatThrownBy(() -> check(yaml, ALL))
                .isInstanceOfSatisfying(
                        UserError.class, error -> assertThat(error.remedy()).contains(remedy))
                .hasMessageContaining(key);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "format: 1",
                "collector: {http: {host: localhost}}",
                "collector: {http: {host: 127.0.0.2}}",
                "collector: {grpc: {enabled: false, host: 0.0.0.0}}",
                "collector: {http: {host: 0.0.0.0}, access: {mode: keys}}",
                "collector: {syslog: {contract: c}, access: {mode: keys}}",
                "collector: {syslog: {contract: c}, tls: {certificate: c, key: k}}",
                "collector: {syslog: {contract: c, plain: true}, access: {mode: keys}, tls:"
                        + " {certificate: c, key: k}}",
                "collector: {syslog: {host: 0.0.0.0, contract: c}, access: {mode: keys}, tls:"
                        + " {certificate: c, key: k, client-authorities: a}}",
                "collector: {syslog: {host: 0.0.0.0, contract: c}, access: {mode: keys}, tls:"
                        + " {certificate: c, key: k, client-authorities: a, client-certificates:"
                        + " optional}}",
                "console: {host: 0.0.0.0, access: keys}",
                "enrichment-api: {grpc: {host: 0.0.0.0}, allow-anyone: true}",
            })
    void letsLoopbackAndDoorsThatAskBe(String yaml) {
        assertThatCode(() -> check(yaml + "\n", ALL)).doesNotThrowAnyException();
    }

    @Test
    void looksAtWhatThisProcessOpensOnly() throws IOException {
        Platform.Options enricher = new Platform.Options(Set.of(Role.ENRICHER), "1", 0);
        String open = "collector: {http: {host: 0.0.0.0}}\nconsole: {host: 0.0.0.0}\n";

        check(open, enricher);

        Platform.Options withVitals =
                new Platform.Options(Set.of(Role.ENRICHER), "1", 0, OptionalInt.of(0));
        assertThatThrownBy(() -> check(open, withVitals)).hasMessageContaining("console.host");
    }
}
