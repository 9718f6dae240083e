package leat.core.validate;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import leat.core.contract.Contract;
import leat.core.contract.Field;
import leat.core.contract.FieldType;
import org.jspecify.annotations.Nullable;

/// Reads of an event a text, a timestamp and some numbers, without an object for each number. It
/// reads what [PlainReader] reads of the same contract; the rest is left to
/// [Validator#forEnriched]. For one thread.
public final class PlainNumbers {

    private static final int TEXT = -1;
    private static final int TIME = -2;
    private static final int OTHER = -3;

    /// Whole numbers up to here are doubles too.
    private static final long MAX_EXACT = 1L << 53;

    private final PlainNames names;
    private final PlainReader.Value[] values;
    private final FieldType[] types;

    /// The place of a field's number among those that are wanted, or what else it is.
    private final int[] places;

    private final boolean[] demanded;
    private final int demands;
    private final FieldType.Timestamp time;

    private @Nullable String lastText;
    private long lastMicros;

    private PlainNumbers(List<Field> fields, int[] places, FieldType.Timestamp time) {
        this.names = new PlainNames(fields, _ -> true);
        this.values = new PlainReader.Value[fields.size()];
        this.types = new FieldType[fields.size()];
        this.places = places;
        this.demanded = new boolean[fields.size()];
        this.time = time;
        int count = 0;
        for (int i = 0; i < values.length; i++) {
            Field field = fields.get(i);
            values[i] = PlainReader.Value.of(field.type(), false);
            types[i] = field.type();
            demanded[i] = field.required();
            count += demanded[i] ? 1 : 0;
        }
        this.demands = count;
    }

    /// A reader of events that the enricher wrote, or nobody judged again since.
    ///
    /// @param text the name of the wanted text
    /// @param time the name of the wanted timestamp
    /// @param numbers the names of the wanted numbers
    /// @return empty where these are not the fields' types
    public static Optional<PlainNumbers> of(
            Contract contract, String text, String time, List<String> numbers) {
        List<Field> fields = contract.publishedFields();
        List<String> names = fields.stream().map(Field::name).toList();
        int[] places = new int[fields.size()];
        Arrays.fill(places, OTHER);
        for (int i = 0; i < numbers.size(); i++) {
            int field = names.indexOf(numbers.get(i));
            if (field < 0 || !isNumber(fields.get(field).type())) {
                return Optional.empty();
            }
            places[field] = i;
        }
        int ofText = names.indexOf(text);
        int ofTime = names.indexOf(time);
        if (new HashSet<>(numbers).size() < numbers.size()
                || ofText < 0
                || ofTime < 0
                || !(fields.get(ofText).type() instanceof FieldType.Text)
                || !(fields.get(ofTime).type() instanceof FieldType.Timestamp timestamp)) {
            return Optional.empty();
        }
        places[ofText] = TEXT;
        places[ofTime] = TIME;
        return Optional.of(new PlainNumbers(fields, places, timestamp));
    }

    private static boolean isNumber(FieldType type) {
        return type instanceof FieldType.Real || type instanceof FieldType.Int;
    }

    /// Reads an event.
    ///
    /// @param numbers gets the numbers; NaN for what is null or not there
    /// @return false where the event is not plain, is at fault, lacks the text or the timestamp, or
    ///   has a whole number that no double is
    public boolean read(byte[] event, double[] numbers) {
        Arrays.fill(numbers, Double.NaN);
        lastText = null;
        lastMicros = TimeTexts.INVALID;
        PlainScan scan = new PlainScan(event, 0, event.length);
        return readObject(scan, numbers)
                && scan.atEnd()
                && lastText != null
                && lastMicros != TimeTexts.INVALID;
    }

    /// The text of the event that was read last.
    public String text() {
        if (lastText == null) {
            throw new IllegalStateException("nothing was read");
        }
        return lastText;
    }

    /// The timestamp of the event that was read last, in microseconds since 1970.
    public long micros() {
        return lastMicros;
    }

    private boolean readObject(PlainScan scan, double[] numbers) {
        if (!scan.pass('{')) {
            return false;
        }
        SeenFields seen = new SeenFields(values.length);
        int missing = demands;
        int previous = 0;
        boolean more = scan.peek() != '}';
        while (more) {
            scan.peek();
            int field = names.pass(scan, previous);
            if (field < 0 || !seen.add(field) || !scan.pass(':')) {
                return false;
            }
            previous = field + 1;
            missing -= demanded[field] ? 1 : 0;
            int first = scan.peek();
            if (first == 'n') {
                if (demanded[field] || !scan.pass(PlainScan.NULL)) {
                    return false;
                }
            } else if (!readValue(scan, field, first, numbers)) {
                return false;
            }
            more = scan.pass(',');
        }
        return missing == 0 && scan.pass('}');
    }

    private boolean readValue(PlainScan scan, int field, int first, double[] numbers) {
        int place = places[field];
        if (place >= 0) {
            return scan.number() && readNumber(scan, types[field], place, numbers);
        }
        if (place == TEXT) {
            lastText = scan.text();
            return lastText != null;
        }
        if (place == TIME) {
            lastMicros = scan.micros(time);
            return lastMicros != TimeTexts.INVALID && lastMicros != TimeTexts.ZONELESS;
        }
        return values[field].read(scan, first) != null;
    }

    private static boolean readNumber(PlainScan scan, FieldType type, int place, double[] numbers) {
        if (type instanceof FieldType.Real) {
            numbers[place] = scan.real();
            return true;
        }
        if (!scan.small() || scan.scale() != 0 || Math.abs(scan.unscaled()) > MAX_EXACT) {
            return false;
        }
        numbers[place] = scan.unscaled();
        return true;
    }
}
