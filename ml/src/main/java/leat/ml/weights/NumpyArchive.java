package leat.ml.weights;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import leat.core.artifact.ArtifactLimits;

/// The format of `numpy.savez`: a ZIP file with a file of
/// <https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html> for each array.
final class NumpyArchive {

    private static final String ENTRY = ".npy";
    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    private static final int VERSION_AT = 6;
    private static final int LENGTH_AT = 8;
    private static final Pattern TYPE = Pattern.compile("'descr': *'([<>|=])([a-zA-Z]\\w*)'");
    private static final Pattern FORTRAN = Pattern.compile("'fortran_order': *(True|False)");
    private static final Pattern SHAPE = Pattern.compile("'shape': *\\(([\\d, ]*)\\)");

    private NumpyArchive() {}

    static SortedMap<String, Weight> read(Path file) throws IOException {
        SortedMap<String, Weight> weights = new TreeMap<>();
        long left = ArtifactLimits.FILE_BYTES;
        try (ZipFile zip = new ZipFile(file.toFile())) {
            for (ZipEntry entry : Collections.list(zip.entries())) {
                if (!entry.getName().endsWith(ENTRY)) {
                    throw damaged(file, entry.getName() + " is no array");
                }
                String name = withoutEnd(entry.getName());
                try (InputStream in = zip.getInputStream(entry)) {
                    byte[] bytes = in.readNBytes((int) left + 1);
                    left -= bytes.length;
                    if (left < 0) {
                        throw new WeightsRefused(
                                file.getFileName()
                                        + " has arrays of more than "
                                        + ArtifactLimits.FILE_BYTES
                                        + " bytes",
                                "leave away what has not changed");
                    }
                    weights.put(name, array(file, name, bytes));
                }
            }
        } catch (ZipException e) {
            throw damaged(file, String.valueOf(e.getMessage()));
        }
        return weights;
    }

    private static String withoutEnd(String entry) {
        return entry.substring(0, entry.length() - ENTRY.length());
    }

    private static WeightsRefused damaged(Path file, String why) {
        return new WeightsRefused(
                file.getFileName() + " is no file of " + Weights.NUMPY + ": " + why,
                "write it again, with numpy.savez");
    }

    private static Weight array(Path file, String name, byte[] bytes) {
        if (bytes.length < LENGTH_AT + Integer.BYTES
                || !Arrays.equals(bytes, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
            throw damaged(file, name + " is no array");
        }
        ByteBuffer numbers = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        boolean isFirst = bytes[VERSION_AT] == 1;
        long length =
                isFirst
                        ? Short.toUnsignedLong(numbers.getShort(LENGTH_AT))
                        : Integer.toUnsignedLong(numbers.getInt(LENGTH_AT));
        int headerAt = LENGTH_AT + (isFirst ? Short.BYTES : Integer.BYTES);
        if (length > bytes.length - headerAt) {
            throw damaged(file, name + " ends in its header");
        }
        String header = new String(bytes, headerAt, (int) length, ISO_8859_1);
        int dataAt = headerAt + (int) length;
        Matcher typed = TYPE.matcher(header);
        Matcher ordered = FORTRAN.matcher(header);
        Matcher shaped = SHAPE.matcher(header);
        if (!typed.find() || !ordered.find() || !shaped.find()) {
            throw new WeightsRefused(
                    name + " is no array of numbers: " + header.strip(),
                    "write it as one of the model's initializers is, by astype say");
        }
        WeightType type =
                WeightType.ofNumpy(typed.group(2))
                        .orElseThrow(() ->
                                new WeightsRefused(
                                        name
                                                + " is of the type "
                                                + typed.group(2)
                                                + ", which is not taken",
                                        "write it as one of the model's initializers is, by astype"
                                                + " say"));
        List<Long> shape = shape(file, name, shaped.group(1));
        byte[] data = Arrays.copyOfRange(bytes, dataAt, bytes.length);
        if (data.length != Weight.sizeBytes(type, shape)) {
            throw damaged(file, name + " has " + data.length + " bytes for " + type + shape);
        }
        if (typed.group(1).equals(">")) {
            reverse(data, type.sizeBytes());
        }
        return new Weight(
                type,
                shape,
                ordered.group(1).equals("True")
                        ? rowsFirst(data, type.sizeBytes(), shape)
                        : UnsafeByteOperations.unsafeWrap(data));
    }

    private static List<Long> shape(Path file, String name, String text) {
        List<Long> shape = new ArrayList<>();
        try {
            for (String dimension : text.split(",", -1)) {
                if (!dimension.isBlank()) {
                    shape.add(Long.parseLong(dimension.strip()));
                }
            }
        } catch (NumberFormatException _) {
            throw damaged(file, name + " has the shape (" + text + ")");
        }
        return shape;
    }

    /// Turns big-endian elements around.
    private static void reverse(byte[] data, int size) {
        for (int at = 0; at < data.length; at += size) {
            for (int low = at, high = at + size - 1; low < high; low++, high--) {
                byte swapped = data[low];
                data[low] = data[high];
                data[high] = swapped;
            }
        }
    }

    /// From the order of Fortran, the first dimension the fastest, to that of C, as transposed
    /// arrays have it.
    private static ByteString rowsFirst(byte[] data, int size, List<Long> shape) {
        byte[] turned = new byte[data.length];
        int[] index = new int[shape.size()];
        int count = data.length / size;
        for (int to = 0; to < count; to++) {
            int from = 0;
            for (int axis = shape.size() - 1; axis >= 0; axis--) {
                from = from * shape.get(axis).intValue() + index[axis];
            }
            System.arraycopy(data, from * size, turned, to * size, size);
            for (int axis = shape.size() - 1; axis >= 0; axis--) {
                if (++index[axis] < shape.get(axis)) {
                    break;
                }
                index[axis] = 0;
            }
        }
        return UnsafeByteOperations.unsafeWrap(turned);
    }
}
