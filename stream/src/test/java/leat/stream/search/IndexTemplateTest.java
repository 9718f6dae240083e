package leat.stream.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import leat.core.contract.Contract;
import leat.core.event.Names;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class IndexTemplateTest {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Names NAMES = new Names("leat");

    private final IndexTemplate enriched =
            IndexTemplate.enriched(
                    NAMES,
                    SearchContracts.CARS,
                    SearchContracts.pins(NAMES, SearchContracts.CARS),
                    SearchSettings.DEFAULT);

    @Test
    void mapsEveryTypeOfAContract() {
        JsonNode fields = JSON.readTree(enriched.mapping()).path("properties");

        assertThat(type(fields, "car")).isEqualTo("keyword");
        assertThat(fields.path("car").has("fields")).isFalse();
        assertThat(type(fields, "note")).isEqualTo("keyword");
        assertThat(fields.at("/note/fields/text/type").asString()).isEqualTo("text");
        assertThat(type(fields, "speed")).isEqualTo("double");
        assertThat(type(fields, "trip")).isEqualTo("long");
        assertThat(type(fields, "price")).isEqualTo("double");
        assertThat(type(fields, "moving")).isEqualTo("boolean");
        assertThat(type(fields, "day")).isEqualTo("date");
        assertThat(type(fields, "at")).isEqualTo("keyword");
        assertThat(type(fields, "seen")).isEqualTo("date");
        assertThat(type(fields, "tyres")).isEqualTo("object");
        assertThat(fields.at("/tyres/properties/pressure/type").asString()).isEqualTo("long");
        assertThat(type(fields, "leat_time")).isEqualTo("date");
        assertThat(type(fields, "leat_offset")).isEqualTo("long");
    }

    @Test
    void refusesRatherThanGuesses() {
        JsonNode settings = JSON.readTree(enriched.settings()).path("index").path("mapping");

        assertThat(settings.path("coerce").asBoolean()).isFalse();
        assertThat(settings.path("ignore_malformed").asBoolean()).isFalse();
        assertThat(JSON.readTree(enriched.mapping()).path("dynamic").asBoolean()).isFalse();
    }

    @Test
    void pinsTheTopicsItIsLoadedFrom() {
        JsonNode meta = JSON.readTree(enriched.mapping()).path("_meta");

        assertThat(meta.path("leat_topics").path("leat.enriched.car-telemetry.v1").asString())
                .isEqualTo("AAAAAAAAAAAAAAAAAAAAAA");
        assertThat(meta.path("leat_contract_version").asString()).isEqualTo("1.2.0");
    }

    @Test
    void coversLaterGenerationsOfItsIndexOnly() {
        JsonNode patterns = JSON.readTree(enriched.templateBody()).path("index_patterns");

        assertThat(patterns.toString())
                .isEqualTo(
                        "[\"leat.enriched.car-telemetry.v1\",\"leat.enriched.car-telemetry.v1.g*\"]");
    }

    @Test
    void storesPayloadsOfDeadLettersWithoutIndexingThem() {
        IndexTemplate dead =
                IndexTemplate.dead(
                        NAMES,
                        SearchContracts.CARS,
                        SearchContracts.pins(NAMES, SearchContracts.CARS),
                        SearchSettings.DEFAULT);

        JsonNode fields = JSON.readTree(dead.mapping()).path("properties");
        assertThat(dead.index()).isEqualTo("leat.dead.car-telemetry.v1");
        assertThat(fields.at("/payload/enabled").asBoolean(true)).isFalse();
        assertThat(type(fields, "reason_codes")).isEqualTo("keyword");
    }

    @Test
    void keepsItsOwnNamesForItself() {
        Contract contract =
                SearchContracts.contract(
                        SearchContracts.field("leat_offset", SearchContracts.integer()));

        assertThatThrownBy(() ->
                        IndexTemplate.enriched(
                                NAMES,
                                contract,
                                SearchContracts.pins(NAMES, contract),
                                SearchSettings.DEFAULT))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("leat_offset");
    }

    private static String type(JsonNode fields, String name) {
        return fields.path(name).path("type").asString();
    }
}
