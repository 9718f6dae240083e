package leat.console;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Holds the start of an answer back, so that a failure within it can still become an error answer.
final class DeferredOutput extends OutputStream {

    private static final int HELD_BYTES = 256 << 10;

    private final Supplier<OutputStream> target;
    private final ByteArrayOutputStream held = new ByteArrayOutputStream();
    private @Nullable OutputStream open;

    DeferredOutput(Supplier<OutputStream> target) {
        this.target = target;
    }

    /// Whether the client has seen a part of the answer.
    boolean started() {
        return open != null;
    }

    @Override
    public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        if (open != null) {
            open.write(bytes, offset, length);
            return;
        }
        held.write(bytes, offset, length);
        if (held.size() >= HELD_BYTES) {
            start();
        }
    }

    /// Sends what is held and ends the answer.
    void finish() throws IOException {
        start().close();
    }

    private OutputStream start() throws IOException {
        OutputStream started = open;
        if (started == null) {
            started = target.get();
            open = started;
            held.writeTo(started);
            held.reset();
        }
        return started;
    }
}
