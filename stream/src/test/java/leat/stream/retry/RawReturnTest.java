package leat.stream.retry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import leat.core.contract.Contract;
import leat.core.event.Hash128;
import leat.core.event.Names;
import leat.core.outcome.Reason;
import leat.core.patch.PayloadPatch;
import leat.stream.inspect.DeadLetter;
import leat.stream.inspect.LogEvent;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RawReturnTest {

    private static final Names NAMES = new Names("leat");
    private static final Instant DIED = Instant.parse("2026-01-02T03:04:05.678Z");
    private static final Instant NOW = Instant.parse("2026-02-01T00:00:00Z");
    private static final Map<String, String> CLIENT =
            Map.of(
                    "ce_id", "o-1",
                    "ce_source", "shop",
                    "ce_type", "placed",
                    "ce_specversion", "1.0",
                    "ce_subject", "cart 7",
                    "content-type", "application/json",
                    "leat_id_origin", "client");
    private static final Map<String, String> OF_THE_ENRICHER =
            Map.of(
                    "leat_position", "AAAAAAAAAAAAAAAAAAAAAA/1@7",
                    "leat_contract_version", "1.0.0",
                    "leat_skipped", "region",
                    "leat_reasons", "[]",
                    "leat_dead_id", "d1");

    @Test
    void aCorrectedEventIsWhatTheClientSentAsTheNextAttempt() {
        Fate.Returns back =
                returns(
                        fate(
                                RetryContracts.ORDERS,
                                letter("enricher", "{\"order\": 1}", CLIENT, OF_THE_ENRICHER),
                                "event.country = \"NL\""));

        ProducerRecord<byte[], byte[]> record = back.record();
        assertThat(record.topic()).isEqualTo("leat.raw.order.v1");
        assertThat(record.partition()).isNull();
        assertThat(new String(record.key(), UTF_8)).isEqualTo(Hash128.of("shop", "o-1").toString());
        assertThat(new String(record.value(), UTF_8))
                .isEqualTo("{\"order\": 1,\"country\":\"NL\"}");
        Map<String, String> expected = new TreeMap<>(CLIENT);
        expected.put("ce_time", "2026-01-02T03:04:05.678Z");
        expected.put("leat_attempt", "1");
        expected.put("leat_retry_of", "d1");
        assertThat(headers(record)).isEqualTo(expected);
    }

    @Test
    void theClientsTimeAndTheAttemptsBeforeAreKept() {
        Fate.Returns back =
                returns(
                        fate(
                                RetryContracts.WIDER,
                                letter(
                                        "enricher",
                                        "{\"order\":1}",
                                        CLIENT,
                                        OF_THE_ENRICHER,
                                        Map.of(
                                                "ce_time", "2026-01-01T00:00:00+01:00",
                                                "leat_attempt", "4",
                                                "leat_retry_of", "d0"))));

        assertThat(headers(back.record()))
                .containsEntry("ce_time", "2026-01-01T00:00:00+01:00")
                .containsEntry("leat_attempt", "5")
                .containsEntry("leat_retry_of", "d1");
    }

    @Test
    void anEventWithATimeOfItsOwnNeedsNoOther() {
        Contract timed =
                RetryContracts.orders("1.2.0", false, "- {property: leat.time, value: placed}");
        String own = "{\"order\":1,\"placed\":\"2026-01-01T00:00:00Z\"}";

        assertThat(headers(returns(fate(timed, letter("enricher", own, CLIENT))).record()))
                .doesNotContainKey("ce_time");
        assertThat(
                        headers(
                                returns(fate(timed, letter("enricher", "{\"order\":1}", CLIENT)))
                                        .record()))
                .containsEntry("ce_time", DIED.toString());
    }

    @Test
    void whatTheCollectorCouldNotReadGetsTheIdThatItWouldHaveGiven() {
        Map<String, String> unread =
                Map.of(
                        "ce_id", "made-up",
                        "ce_source", "order",
                        "leat_id_origin", "server",
                        "leat_dead_id", "d2");

        Fate.Returns back =
                returns(fate(RetryContracts.WIDER, letter("collector", "{\"order\":9}", unread)));

        assertThat(headers(back.record()))
                .containsEntry("ce_id", "9")
                .containsEntry("ce_source", "order")
                .containsEntry("leat_id_origin", "contract");
        assertThat(back.event()).isEqualTo(Hash128.of("order", "9"));
    }

    @Test
    void aLetterWithoutAnyIdentityHasItsOwnId() {
        Contract anonymous =
                RetryContracts.orders("1.1.0", false, "- {property: leat.partitions, value: 2}");
        Fate.Returns back =
                returns(
                        new RawReturn(NAMES, withoutId(anonymous), List.of())
                                .fate(
                                        letter(
                                                "collector",
                                                "{\"order\":9}",
                                                Map.of("leat_dead_id", "d3")),
                                        "{\"order\":9}".getBytes(UTF_8),
                                        NOW));

        assertThat(headers(back.record()))
                .containsEntry("ce_id", "d3")
                .containsEntry("ce_source", "order")
                .containsEntry("leat_id_origin", "server");
    }

    @Test
    void theKeyIsThatOfTheCorrectedPayload() {
        Contract keyed =
                RetryContracts.orders("1.2.0", true, "- {property: leat.key, value: country}");
        Fate.Returns back =
                returns(
                        fate(
                                keyed,
                                letter("enricher", "{\"order\":1}", CLIENT),
                                "event.country = \"NL\""));

        assertThat(new String(back.record().key(), UTF_8)).isEqualTo("NL");
    }

    @Test
    void whatTheContractWouldRefuseAgainSaysWhy() {
        assertThat(fate(RetryContracts.ORDERS, letter("enricher", "{\"order\":1}", CLIENT)))
                .isInstanceOfSatisfying(
                        Fate.DiesAgain.class,
                        dies ->
                                assertThat(dies.reasons())
                                        .extracting(Reason::field)
                                        .containsExactly("country"));
        assertThat(fate(RetryContracts.WIDER, letter("collector", "{\"order\":", CLIENT)))
                .isInstanceOf(Fate.DiesAgain.class);
        assertThat(
                        fate(
                                RetryContracts.WIDER,
                                letter(
                                        "enricher",
                                        "{\"order\":1}",
                                        CLIENT,
                                        Map.of("ce_time", "2031-01-01T00:00:00Z"))))
                .isInstanceOfSatisfying(
                        Fate.DiesAgain.class,
                        dies ->
                                assertThat(dies.reasons().getFirst().code().word())
                                        .isEqualTo("time-bounds"));
    }

    @Test
    void whatCannotBeCorrectedStays() {
        assertThat(
                        fate(
                                RetryContracts.ORDERS,
                                letter("enricher", "{\"order\":1}", CLIENT),
                                "event.country = event.land"))
                .isInstanceOfSatisfying(
                        Fate.Stays.class, stays -> assertThat(stays.why()).contains("land"));
    }

    @Test
    void anEncodedEventComesBackAsItWasAndCorrectedAsJson(@TempDir Path folder) throws IOException {
        Files.writeString(
                folder.resolve("order.avsc"),
                "{\"type\":\"record\",\"name\":\"order\",\"fields\":"
                        + "[{\"name\":\"order\",\"type\":\"long\"}]}");
        Contract encoded =
                RetryContracts.orders(
                        folder,
                        "1.1.0",
                        false,
                        "- {property: leat.encoding, value: {format: avro, schema: order.avsc}}");
        String avro = new String(new byte[] {18}, UTF_8);
        Map<String, String> client = new TreeMap<>(CLIENT);
        client.put("content-type", "application/avro");

        ProducerRecord<byte[], byte[]> same =
                returns(fate(encoded, letter("enricher", avro, client))).record();
        ProducerRecord<byte[], byte[]> corrected =
                returns(fate(encoded, letter("enricher", avro, client), "event.country = \"NL\""))
                        .record();

        assertThat(same.value()).containsExactly(18);
        assertThat(headers(same)).containsEntry("content-type", "application/avro");
        assertThat(new String(corrected.value(), UTF_8))
                .isEqualTo("{\"order\":9,\"country\":\"NL\"}");
        assertThat(headers(corrected)).containsEntry("content-type", "application/json");
    }

    private static Contract withoutId(Contract contract) {
        return new Contract(
                contract.name(),
                contract.version(),
                contract.description(),
                contract.fields(),
                List.of(),
                contract.key(),
                contract.time(),
                contract.timeBounds(),
                contract.unknownFields(),
                contract.dedupeWindow(),
                contract.log(),
                contract.lake(),
                contract.steps(),
                contract.file());
    }

    private static Fate fate(Contract contract, DeadLetter letter, String... patches) {
        return new RawReturn(
                        NAMES,
                        contract,
                        Arrays.stream(patches)
                                .map(patch -> PayloadPatch.parse(contract, patch))
                                .toList())
                .fate(letter, letter.event().value().bytes(), NOW);
    }

    private static Fate.Returns returns(Fate fate) {
        assertThat(fate).isInstanceOf(Fate.Returns.class);
        return (Fate.Returns) fate;
    }

    @SafeVarargs
    private static DeadLetter letter(String stage, String payload, Map<String, String>... headers) {
        ConsumerRecord<byte[], byte[]> record =
                new ConsumerRecord<>(
                        "leat.dead-" + stage + ".order.v1",
                        1,
                        7,
                        "key".getBytes(UTF_8),
                        payload.getBytes(UTF_8));
        record.headers().add("leat_stage", stage.getBytes(UTF_8));
        for (Map<String, String> some : headers) {
            some.forEach((name, value) -> record.headers().add(name, value.getBytes(UTF_8)));
        }
        LogEvent event = LogEvent.of(record, Optional.empty());
        return DeadLetter.of(
                "order.v1",
                stage,
                new LogEvent(
                        event.topic(),
                        event.partition(),
                        event.offset(),
                        DIED,
                        event.key(),
                        event.headers(),
                        event.value()));
    }

    private static Map<String, String> headers(ProducerRecord<byte[], byte[]> record) {
        Map<String, String> headers = new TreeMap<>();
        record.headers()
                .forEach(header ->
                        assertThat(
                                        headers.put(
                                                header.key(),
                                                new String(
                                                        Objects.requireNonNull(header.value()),
                                                        UTF_8)))
                                .as("%s twice", header.key())
                                .isNull());
        return headers;
    }
}
