package leat.stream.lake;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.io.PositionOutputStream;

/// Local files on a storage that is slow or fails now and then: before each step of a write, the
/// trouble of the moment is asked. Named in a catalogue's `io-impl`, so it is made by reflection.
public final class TroubledFiles implements FileIO {

    private static final AtomicReference<Trouble> TROUBLE = new AtomicReference<>((_, _) -> {});

    private final LocalFiles files = new LocalFiles();

    /// A step of writing a file.
    enum Step {
        CREATE,
        WRITE,
        CLOSE
    }

    /// What the storage does to a step: waits, throws, or nothing.
    @FunctionalInterface
    interface Trouble {
        void before(Step step, String location) throws IOException;
    }

    /// Used by the catalogue.
    public TroubledFiles() {}

    /// What happens to all writes from now on.
    static void become(Trouble trouble) {
        TROUBLE.set(trouble);
    }

    /// Without trouble from now on.
    static void recover() {
        become((_, _) -> {});
    }

    private static void ask(Step step, String location) throws IOException {
        TROUBLE.get().before(step, location);
    }

    @Override
    public InputFile newInputFile(String location) {
        return files.newInputFile(location);
    }

    @Override
    public OutputFile newOutputFile(String location) {
        return new Output(files.newOutputFile(location));
    }

    @Override
    public void deleteFile(String location) {
        files.deleteFile(location);
    }

    private record Output(OutputFile file) implements OutputFile {

        @Override
        public PositionOutputStream create() {
            asked();
            return new Stream(file.location(), file.create());
        }

        @Override
        public PositionOutputStream createOrOverwrite() {
            asked();
            return new Stream(file.location(), file.createOrOverwrite());
        }

        private void asked() {
            try {
                ask(Step.CREATE, file.location());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public String location() {
            return file.location();
        }

        @Override
        public InputFile toInputFile() {
            return file.toInputFile();
        }
    }

    private static final class Stream extends PositionOutputStream {
        private final String location;
        private final PositionOutputStream stream;

        Stream(String location, PositionOutputStream stream) {
            this.location = location;
            this.stream = stream;
        }

        @Override
        public long getPos() throws IOException {
            return stream.getPos();
        }

        @Override
        public void write(int value) throws IOException {
            stream.write(value);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            ask(Step.WRITE, location);
            stream.write(bytes, offset, length);
        }

        @Override
        public void flush() throws IOException {
            stream.flush();
        }

        @Override
        public void close() throws IOException {
            try (stream) {
                ask(Step.CLOSE, location);
            }
        }
    }
}
