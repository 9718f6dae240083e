package leat.ml.objectstore;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/// The bytes of an object, which ends where it should or fails. What is left unread when it is
/// closed is not fetched.
final class WholeStream extends FilterInputStream {

    private final String name;
    private final long sizeBytes;
    private final Runnable abort;
    private long readBytes;

    /// @param name of the object, for people
    /// @param abort ends what still comes
    WholeStream(InputStream in, String name, long sizeBytes, Runnable abort) {
        super(in);
        this.name = name;
        this.sizeBytes = sizeBytes;
        this.abort = abort;
    }

    @Override
    public int read() throws IOException {
        int one = in.read();
        count(one < 0 ? -1 : 1);
        return one;
    }

    @Override
    public int read(byte[] to, int offset, int length) throws IOException {
        int read = in.read(to, offset, length);
        count(read);
        return read;
    }

    private void count(int read) throws IOException {
        readBytes += Math.max(0, read);
        boolean isShort = read < 0 && readBytes < sizeBytes;
        if (isShort || readBytes > sizeBytes) {
            throw new IOException(
                    name + " came with " + readBytes + " of its " + sizeBytes + " bytes");
        }
    }

    @Override
    public long skip(long bytes) throws IOException {
        long skipped = in.skip(bytes);
        readBytes += skipped;
        return skipped;
    }

    @Override
    public boolean markSupported() {
        return false;
    }

    @Override
    public void close() throws IOException {
        if (readBytes < sizeBytes) {
            abort.run();
        }
        in.close();
    }
}
