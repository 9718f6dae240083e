package leat.stream.enricher.dedupe;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/// Memory of the C library, off the Java heap. It is given back at once and costs nobody else
/// anything: to close a shared [java.lang.foreign.Arena] stops every thread of the process and
/// undoes compiled code, which took a quarter of the enricher's processor time.
///
/// The owner answers for not touching a segment that it gave back.
@SuppressWarnings("restricted") // the launcher enables native access
final class NativeMemory {

    private static final MethodHandle CALLOC =
            function(
                    "calloc",
                    FunctionDescriptor.of(
                            ValueLayout.ADDRESS, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG));
    private static final MethodHandle FREE =
            function("free", FunctionDescriptor.ofVoid(ValueLayout.ADDRESS));

    private NativeMemory() {}

    private static MethodHandle function(String name, FunctionDescriptor descriptor) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), descriptor);
    }

    /// Zeroed memory, aligned for longs.
    ///
    /// @throws OutOfMemoryError when the system has none left
    static MemorySegment allocate(long bytes) {
        try {
            MemorySegment start = (MemorySegment) CALLOC.invokeExact(1L, bytes);
            if (start.address() == 0) {
                throw new OutOfMemoryError("no " + bytes + " bytes of native memory");
            }
            return start.reinterpret(bytes);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("cannot call calloc", e);
        }
    }

    /// Gives back what [#allocate] gave.
    static void free(MemorySegment segment) {
        try {
            FREE.invokeExact(segment);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("cannot call free", e);
        }
    }
}
