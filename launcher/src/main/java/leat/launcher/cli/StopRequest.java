package leat.launcher.cli;

import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// The wish that a process in the foreground stops: SIGTERM, SIGINT or SIGHUP, and where it was
/// asked for the end of standard input.
///
/// The signals are taken as such and not by a shutdown hook: hooks run side by side, and those of
/// libraries end the very threads that the last commits need. Until [#await] they end the process
/// at once, as does a second one afterwards.
final class StopRequest {

    private static final List<String> SIGNALS = List.of("HUP", "INT", "TERM");

    private final CompletableFuture<Integer> exitCode = new CompletableFuture<>();
    private volatile boolean awaited;

    /// Has the end of standard input stop the process, too.
    void onEndOfInput() {
        Thread.ofPlatform().daemon().name("input-end").start(this::readInput);
    }

    private void readInput() {
        try {
            while (System.in.read() >= 0) {
                // Only the end matters.
            }
        } catch (IOException _) {
            // The other end is gone.
        }
        if (!awaited) {
            System.exit(ExitCode.DONE);
        }
        exitCode.complete(ExitCode.DONE);
    }

    /// Has the first request call something that returns soon.
    void await(Runnable stop) {
        awaited = true;
        takeSignals();
        CompletableFuture<?> _ = exitCode.thenRun(stop);
    }

    /// What the process says by its exit code: 128 and the signal's number, as shells do.
    int exitCode() {
        return exitCode.getNow(ExitCode.DONE);
    }

    private void signalled(int number) {
        int code = 128 + number;
        if (!exitCode.complete(code)) {
            Runtime.getRuntime().halt(code);
        }
    }

    /// By reflection, since the compiler warns of `sun.misc.Signal` in a way that cannot be
    /// suppressed, and there is no other interface for signals.
    private void takeSignals() {
        try {
            Class<?> signals = Class.forName("sun.misc.Signal");
            Class<?> handlers = Class.forName("sun.misc.SignalHandler");
            Method handle = signals.getMethod("handle", signals, handlers);
            Method number = signals.getMethod("getNumber");
            Object handler =
                    Proxy.newProxyInstance(
                            StopRequest.class.getClassLoader(),
                            new Class<?>[] {handlers},
                            (_, _, arguments) -> {
                                signalled((int) number.invoke(arguments[0]));
                                return null;
                            });
            for (String name : SIGNALS) {
                handle.invoke(
                        null, signals.getConstructor(String.class).newInstance(name), handler);
            }
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this Java has no signals", e);
        }
    }
}
