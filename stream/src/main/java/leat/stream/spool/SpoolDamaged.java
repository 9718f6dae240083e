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
                        + "; accepted events that stand there cannot be read");
    }

    /// What to do.
    public String remedy() {
        return "look for the cause in the disk; to go on without them, keep a copy of the folder,"
                + " move this file and the newer ones away and start: the older ones go to the log;"
                + " then stop, put the newer ones back, and start again";
    }
}
