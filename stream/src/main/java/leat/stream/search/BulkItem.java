package leat.stream.search;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// One document on its way into an index. Its bytes are not copied.
final class BulkItem {

    private static final int ACTION_BYTES = 160;

    private final String index;
    private final String id;
    private final long version;
    private final byte[] document;

    /// @param id the document's id: hexadecimal digits, so it needs no escaping
    /// @param version external: an older one never replaces a newer one
    /// @param document one JSON object without line breaks
    BulkItem(String index, String id, long version, byte[] document) {
        this.index = index;
        this.id = id;
        this.version = version;
        this.document = document;
    }

    String id() {
        return id;
    }

    String documentText() {
        return new String(document, StandardCharsets.UTF_8);
    }

    /// About as many bytes as it adds to a request.
    int sizeBytes() {
        return document.length + ACTION_BYTES;
    }

    /// The body of a bulk request: an action line and a document line each.
    static byte[] body(List<BulkItem> items) {
        int size = items.stream().mapToInt(BulkItem::sizeBytes).sum();
        ByteArrayOutputStream body = new ByteArrayOutputStream(size);
        for (BulkItem item : items) {
            body.writeBytes(item.action().getBytes(StandardCharsets.UTF_8));
            body.writeBytes(item.document);
            body.write('\n');
        }
        return body.toByteArray();
    }

    private String action() {
        return "{\"index\":{\"_index\":\""
                + index
                + "\",\"_id\":\""
                + id
                + "\",\"version\":"
                + version
                + ",\"version_type\":\"external\"}}\n";
    }
}
