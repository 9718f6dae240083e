package leat.stream.extract;

import java.util.Map;
import java.util.TreeMap;

/// How far a file has been read.
///
/// @param key which file it is for the file system, whatever its name: device and inode
/// @param created when it was made, in nanoseconds since 1970, as far as the file system knows
/// @param generation how often it was cut off and begun anew
/// @param bytes where the next line begins
/// @param rows how many rows lie before it
/// @param check a hash of the bytes before it, which tells whether the file is still the same
/// @param inside whether `bytes` lies inside a line that is too long to be sent
record FilePosition(
        String key,
        long created,
        int generation,
        long bytes,
        long rows,
        String check,
        boolean inside) {

    static FilePosition startOf(String key, long created) {
        return new FilePosition(key, created, 0, 0, 0, "", false);
    }

    /// The file begins anew.
    FilePosition cutOff() {
        return new FilePosition(key, created, generation + 1, 0, 0, "", false);
    }

    static FilePosition of(Map<String, String> position) {
        return new FilePosition(
                position.getOrDefault("file", ""),
                Long.parseLong(position.getOrDefault("created", "0")),
                Integer.parseInt(position.getOrDefault("generation", "0")),
                Long.parseLong(position.getOrDefault("bytes", "0")),
                Long.parseLong(position.getOrDefault("rows", "0")),
                position.getOrDefault("check", ""),
                position.containsKey("inside"));
    }

    Map<String, String> toMap() {
        Map<String, String> map = new TreeMap<>();
        map.put("file", key);
        map.put("created", Long.toString(created));
        map.put("generation", Integer.toString(generation));
        map.put("bytes", Long.toString(bytes));
        map.put("rows", Long.toString(rows));
        map.put("check", check);
        if (inside) {
            map.put("inside", "true");
        }
        return map;
    }
}
