package leat.core.encoding;

import java.io.IOException;
import java.util.function.Supplier;
import leat.core.outcome.ReasonCode;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.io.Decoder;
import org.apache.avro.io.ResolvingDecoder;
import org.jspecify.annotations.Nullable;

/// One event being read by Avro's rules of schema resolution, no deeper than an event may be.
final class AvroDatum extends GenericDatumReader<IndexedRecord> {

    private static final int MAX_DEPTH = 64;
    private static final GenericData DATA = new GenericData();

    static {
        // Its readers are made by another code path, without the bounds below.
        DATA.setFastReaderEnabled(false);
    }

    private final AvroInput input;
    private int depth;

    private AvroDatum(Schema writer, Schema reader, AvroInput input) {
        super(writer, reader, DATA);
        this.input = input;
    }

    /// Reads the bytes from `from` to the end.
    ///
    /// @throws Undecodable when they are not one datum of `writer`, or `reader` cannot read it
    static IndexedRecord read(Schema writer, Schema reader, byte[] bytes, int from) {
        AvroInput input = new AvroInput(bytes, from);
        IndexedRecord datum = guarded(() -> new AvroDatum(writer, reader, input).readWhole());
        if (input.left() > 0) {
            throw new Undecodable("has " + input.left() + " bytes behind its end");
        }
        return datum;
    }

    private IndexedRecord readWhole() {
        try {
            @SuppressWarnings("NullAway") // Avro takes null for "nothing to use again"
            IndexedRecord datum = read(null, input);
            return datum;
        } catch (IOException e) {
            throw new Undecodable("cannot be read: " + e.getMessage());
        }
    }

    /// Avro tells bad bytes by exceptions of several kinds.
    private static <T> T guarded(Supplier<T> reading) {
        try {
            return reading.get();
        } catch (AvroRuntimeException
                | IndexOutOfBoundsException
                | ClassCastException
                | UnsupportedOperationException e) {
            throw new Undecodable("cannot be read by its schema: " + e.getMessage());
        }
    }

    private void descend() {
        if (++depth > MAX_DEPTH) {
            throw new Undecodable(ReasonCode.TOO_DEEP, "is nested deeper than " + MAX_DEPTH);
        }
    }

    @Override
    protected Object readRecord(@Nullable Object old, Schema expected, ResolvingDecoder in)
            throws IOException {
        descend();
        input.charge(expected.getFields().size());
        Object record = super.readRecord(old, expected, in);
        depth--;
        return record;
    }

    @Override
    protected Object readArray(@Nullable Object old, Schema expected, ResolvingDecoder in)
            throws IOException {
        descend();
        Object array = super.readArray(old, expected, in);
        depth--;
        return array;
    }

    @Override
    protected Object readMap(@Nullable Object old, Schema expected, ResolvingDecoder in)
            throws IOException {
        descend();
        Object map = super.readMap(old, expected, in);
        depth--;
        return map;
    }

    @Override
    protected Object readFixed(@Nullable Object old, Schema expected, Decoder in)
            throws IOException {
        if (expected.getFixedSize() > input.left()) {
            throw new Undecodable("ends too early");
        }
        return super.readFixed(old, expected, in);
    }
}
