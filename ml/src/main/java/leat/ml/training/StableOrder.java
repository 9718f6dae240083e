package leat.ml.training;

/// Orders without an object a row.
final class StableOrder {

    private StableOrder() {}

    /// The places of keys from the smallest to the largest; equal ones in the order they have.
    ///
    /// @param size how many of the keys count
    static int[] of(long[] keys, int size) {
        int[] from = new int[size];
        for (int i = 0; i < size; i++) {
            from[i] = i;
        }
        int[] to = new int[size];
        for (long width = 1; width < size; width *= 2) {
            for (long start = 0; start < size; start += 2 * width) {
                int middle = (int) Math.min(start + width, size);
                int end = (int) Math.min(start + 2 * width, size);
                merge(keys, from, to, (int) start, middle, end);
            }
            int[] swapped = from;
            from = to;
            to = swapped;
        }
        return from;
    }

    private static void merge(long[] keys, int[] from, int[] to, int start, int middle, int end) {
        int left = start;
        int right = middle;
        for (int place = start; place < end; place++) {
            boolean takesLeft =
                    right >= end || (left < middle && keys[from[left]] <= keys[from[right]]);
            to[place] = takesLeft ? from[left++] : from[right++];
        }
    }
}
