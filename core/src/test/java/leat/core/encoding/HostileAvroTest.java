package leat.core.encoding;

import static leat.core.encoding.AvroContracts.avro;
import static leat.core.encoding.AvroContracts.decoder;
import static leat.core.encoding.AvroContracts.reason;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import leat.core.contract.Contract;
import leat.core.yaml.Checked;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Small bytes that claim to be large ones.
@Timeout(value = 30, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HostileAvroTest {

    private static final String DROP = "- {property: leat.unknownFields, value: drop}\n";

    @TempDir Path folder;

    private interface Writing {
        void to(BinaryEncoder encoder) throws IOException;
    }

    private static byte[] bytes(Writing writing) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);
        try {
            writing.to(encoder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    /// Decodes by a schema of which the contract has only the field `a`.
    private String refusal(String field, byte[] bytes) {
        String schema =
                "{'type': 'record', 'name': 'T', 'fields': [FIELD]}"
                        .replace("FIELD", field)
                        .replace('\'', '"');
        avro(folder, schema, "- {name: a, logicalType: string}\n");
        Checked<Contract> contract =
                AvroContracts.read(
                        folder,
                        "- {name: a, logicalType: string}\n",
                        DROP
                                + "- {property: leat.encoding, value: {format: avro, schema:"
                                + " thing.avsc}}\n");
        return reason(decoder(contract.orThrow()).decode("application/avro", bytes, Metadata.NONE));
    }

    @Test
    void aStringOfTwoGigabytesThatIsNotThereIsRefused() {
        assertThat(
                        refusal(
                                "{'name': 'a', 'type': 'string'}",
                                bytes(out -> out.writeLong(Integer.MAX_VALUE))))
                .isEqualTo("encoding : has a length of 2147483647 where 0 bytes are");
    }

    @Test
    void aStringThatIsNoUtf8IsRefused() {
        assertThat(refusal("{'name': 'a', 'type': 'string'}", new byte[] {2, (byte) 0xff}))
                .isEqualTo("encoding : has a string that is not UTF-8");
    }

    @Test
    void itemsThatTakeNoBytesAreCounted() {
        String array = "{'name': 'b', 'type': {'type': 'array', 'items': 'null'}}";

        assertThat(
                        refusal(
                                array,
                                bytes(out -> {
                                    out.writeLong(Integer.MAX_VALUE - 9);
                                    out.writeLong(0);
                                })))
                .isEqualTo("encoding : has more than 524288 values");
        assertThat(refusal(array, bytes(out -> out.writeLong(Long.MIN_VALUE))))
                .startsWith("encoding : ");
    }

    @Test
    void recordsThatTakeNoBytesAreCountedWithTheirFields() {
        StringBuilder fields = new StringBuilder();
        for (int i = 0; i < 100; i++) {
            fields.append(i == 0 ? "" : ", ").append("{'name': 'n" + i + "', 'type': 'null'}");
        }

        assertThat(
                        refusal(
                                "{'name': 'b', 'type': {'type': 'array', 'items': {'type':"
                                        + " 'record', 'name': 'E', 'fields': ["
                                        + fields
                                        + "]}}}",
                                bytes(out -> {
                                    out.writeLong(500_000);
                                    out.writeLong(0);
                                })))
                .isEqualTo("encoding : has more than 524288 values");
    }

    @Test
    void aListInItselfIsNotFollowedForEver() {
        byte[] deep = new byte[1 << 20];
        Arrays.fill(deep, (byte) 2);

        assertThat(
                        refusal(
                                "{'name': 'b', 'type': {'type': 'record', 'name': 'L', 'fields':"
                                        + " [{'name': 'next', 'type': ['null', 'L']}]}}",
                                deep))
                .isEqualTo("too-deep : is nested deeper than 64");
    }

    @Test
    void fixedBytesAreNotMadeBeforeTheyAreThere() {
        assertThat(
                        refusal(
                                "{'name': 'b', 'type': {'type': 'fixed', 'name': 'F', 'size':"
                                        + " 2000000000}}",
                                new byte[9]))
                .isEqualTo("encoding : ends too early");
    }

    @Test
    void anEventIsNoLargerThanJsonMayBe() {
        byte[] text = new byte[1_000_000];
        Arrays.fill(text, (byte) 1);

        assertThat(refusal("{'name': 'a', 'type': 'string'}", bytes(out -> out.writeBytes(text))))
                .isEqualTo("too-large a: as JSON the event has more than 1048576 bytes");
    }

    @Test
    void bytesBehindTheEventAreRefused() {
        assertThat(refusal("{'name': 'a', 'type': 'string'}", new byte[] {2, 'x', 0}))
                .isEqualTo("encoding : has 1 bytes behind its end");
    }
}
