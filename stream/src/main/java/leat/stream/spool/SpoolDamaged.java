package leat.stream.spool;

import java.nio.file.Path;

/// A spool has something broken before its end, where no crash can leave it so. Nothing of it is
/// skipped silently: whoever runs the collector decides.
public final class SpoolDamaged extends RuntimeException {

    SpoolDamaged(Path file, long offset, String what) {
        super(
                "the spool's file "
                        + file
                        + " is damaged at byte "
                        + offset
                        + ": "
                        + what
                        + "; its disk has lost accepted events. Keep a copy of the folder, move this"
                        + " file and what is not needed of it away, and start again: what stands in"
                        + " the other files goes to the log");
    }
}
