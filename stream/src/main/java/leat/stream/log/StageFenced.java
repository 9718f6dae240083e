package leat.stream.log;

/// Two processes run under one instance id and throw each other out. One of them has to stop or get
/// another id; the message says so.
public final class StageFenced extends RuntimeException {

    StageFenced(StageSettings settings, Throwable cause) {
        super(
                "another process took over the instance id '"
                        + settings.instance()
                        + "' of role "
                        + settings.role()
                        + " (its member "
                        + settings.member()
                        + ") twice within a minute: two processes share it. Stop one of them, or"
                        + " give each an id of its own with --instance",
                cause);
    }
}
