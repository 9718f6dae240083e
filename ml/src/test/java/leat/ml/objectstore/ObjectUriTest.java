package leat.ml.objectstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import leat.core.tracking.TrackingRefused;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ObjectUriTest {

    @ParameterizedTest
    @CsvSource({
        "s3://b/m, b, m/",
        "s3://b/m/, b, m/",
        "s3://b/a%20b/größe 1/x?y#z, b, a%20b/größe 1/x?y#z/",
        "s3://b, b, ''",
        "s3://b/, b, ''"
    })
    void anAddressIsABucketAndAFolderAsTheyAreWritten(String uri, String bucket, String folder) {
        assertThat(ObjectUri.parse(uri)).isEqualTo(new ObjectUri(bucket, folder));
    }

    @Test
    void aKeyIsBelowTheFolder() {
        assertThat(ObjectUri.parse("s3://b/m").key("data/x")).isEqualTo("m/data/x");
        assertThat(ObjectUri.parse("s3://b").key("x")).isEqualTo("x");
    }

    @ParameterizedTest
    @ValueSource(strings = {"s3://", "s3:///m", "file:///m", "s3:/b/m", ""})
    void whatIsNoneIsRefused(String uri) {
        assertThatThrownBy(() -> ObjectUri.parse(uri))
                .isInstanceOf(TrackingRefused.class)
                .hasMessage("'" + uri + "' is not s3://BUCKET/PATH");
    }
}
