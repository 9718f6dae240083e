package leat.core.protect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import leat.core.contract.Contract;
import leat.core.contract.FieldType;
import leat.core.outcome.Outcome;
import leat.core.validate.Validator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProtectorTest {

    /// HMAC-SHA-256 of `ana@example.org`, computed by another program.
    private static final String ANA =
            "76c3298a46235839970b28d1f01c518259bfb1c5b71371cd412281f22e18a397";

    private final Protector protector =
            Protector.of(ProtectedContracts.ALL, ProtectedContracts.KEY);

    private String value(String event) {
        return new String(protector.value(event.getBytes(UTF_8)), UTF_8);
    }

    @Test
    void aHashIsTheKeyedOneOfTheTextInUtf8() {
        assertThat(value("{\"mail\":\"ana@example.org\"}")).isEqualTo("{\"mail\":\"" + ANA + "\"}");
    }

    @Test
    void theWayATextIsWrittenDoesNotChangeItsHash() {
        assertThat(value("{\"m\\u0061il\" : \"an\\u0061@\\u0065xample.org\"}"))
                .isEqualTo("{\"m\\u0061il\" : \"" + ANA + "\"}");
        assertThat(value("{\"mail\":\"\\ud83d\\ude00\\/\\n\"}"))
                .isEqualTo(value("{\"mail\":\"😀/\\u000a\"}"));
    }

    @Test
    void theRecordsKeyIsHashedLikeTheFieldThatItIsMadeOf() {
        assertThat(protector.key("ana@example.org".getBytes(UTF_8))).isEqualTo(ANA.getBytes(UTF_8));
        assertThat(protector.key(null)).isNull();
    }

    @Test
    void aKeyThatIsNotProtectedStaysAsItIs() {
        byte[] key = {1, 2, 3};
        Contract contract =
                ProtectedContracts.of("- {protect: {field: customer.id}, action: hash}");

        assertThat(Protector.of(contract, ProtectedContracts.KEY).key(key)).isSameAs(key);
    }

    @ParameterizedTest
    @CsvSource({
        "4111111111111234, ***1234",
        "12345678, ***5678",
        "1234567, ***",
        "1, ***",
        "'\\ud83d\\ude00\\ud83d\\ude00\\ud83d\\ude00\\ud83d\\ude00a😀\\\"\\n', ***a😀\\\"\\n"
    })
    void aMaskKeepsCharactersOnlyWhenAsManyAreHidden(String text, String masked) {
        assertThat(value("{\"card\":\"" + text + "\"}")).isEqualTo("{\"card\":\"" + masked + "\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "a whole sentence"})
    void aMaskThatKeepsNothingTellsNotEvenTheLength(String text) {
        assertThat(value("{\"customer\":{\"note\":\"" + text + "\"}}"))
                .isEqualTo("{\"customer\":{\"note\":\"***\"}}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{\"born\":1}|{}",
                "{ \"born\" : [1,{\"a\":\"}]\"}] }|{  }",
                "{\"born\":1, \"a\":2}|{\"a\":2}",
                "{\"a\":2 , \"born\":null }|{\"a\":2 }",
                "{\"a\":1,^ \"born\":\"x\\\"}\",^ \"b\":2}|{\"a\":1,^ \"b\":2}",
                "{\"lines\":[{\"tags\":[],\"sku\":\"s\"},{\"sku\":\"t\",\"tags\":[\"u\"]},"
                        + "{\"tags\":null}]}|{\"lines\":[{\"sku\":\"s\"},{\"sku\":\"t\"},{}]}"
            })
    void aDroppedFieldIsCutOutWithItsComma(String event, String expected) {
        assertThat(value(event.replace('^', '\n'))).isEqualTo(expected.replace('^', '\n'));
    }

    @Test
    void nullsAndFieldsOfTheSameNameElsewhereStay() {
        String event =
                "{\"mail\":null, \"customer\":{\"mail\":\"m\",\"card\":\"c\",\"born\":1},"
                        + " \"lines\":null,\"x\":{\"mail\":\"m\"}}";

        assertThat(value(event)).isEqualTo(event);
    }

    @Test
    void anEventWithNothingToProtectIsNotCopied() {
        byte[] event = "{\"number\":1}".getBytes(UTF_8);

        assertThat(protector.value(event)).isSameAs(event);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"mail\":7}",
                "{\"mail\":{\"a\":\"b\"}}",
                "{\"mail\":\"a",
                "{\"mail\":\"a\\",
                "{\"mail\"",
                "{\"a\":}",
                "{\"a\":,\"mail\":\"b\"}",
                "{\"customer\":\"n\"}",
                "[]",
                ""
            })
    void whatIsNotAsTheValidatorFoundItEndsTheProtection(String event) {
        assertThatThrownBy(() -> value(event)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void withoutAKeyNothingIsHashed() {
        assertThatThrownBy(() -> Protector.of(ProtectedContracts.ALL, Optional.empty()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("contract order");
        assertThat(
                        Protector.of(
                                        ProtectedContracts.of(
                                                "- {protect: {field: card}, action: mask}"),
                                        Optional.empty())
                                .protects())
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "0011",
                "zz223344556677889900112233445566778899001122334455667788990011zz",
                "00223344556677889900112233445566778899001122334455667788990011001"
            })
    void aKeyThatIsNoKeyIsRefusedWithoutBeingQuoted(String text) {
        assertThatThrownBy(() -> ProtectionKey.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .message()
                .satisfies(
                        message -> assertThat(text.isEmpty() || !message.contains(text)).isTrue());
    }

    @Test
    void whatIsPublishedFitsTheFieldsOfEnrichedEvents() {
        Contract contract = ProtectedContracts.ALL;
        String event =
                "{\"number\":1,\"mail\":\"ana@example.org\",\"born\":\"2000-01-01\","
                        + "\"customer\":{\"nämé\":\"Ana\"},\"domain\":\"example.org\"}";

        Outcome outcome = Validator.forEnriched(contract).validate(value(event).getBytes(UTF_8));

        assertThat(outcome).isInstanceOf(Outcome.Valid.class);
        assertThat(((Outcome.Valid) outcome).row().value("mail")).isEqualTo(ANA);
        assertThat(((Outcome.Valid) outcome).row().value("born")).isNull();
        assertThat(contract.publishedFields().get(4).required()).isFalse();
        assertThat(contract.publishedFields().get(2).type())
                .isInstanceOfSatisfying(
                        FieldType.Text.class, text -> assertThat(text.format()).isEmpty());
    }
}
