package leat.launcher;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.LoggerFactory;

/// Looks for secrets in every line that any part logs, at any level but the finest.
final class SecretSearch extends AppenderBase<ILoggingEvent> implements AutoCloseable {

    private final List<String> secrets;
    private final Queue<String> found = new ConcurrentLinkedQueue<>();
    private final AtomicLong lines = new AtomicLong();
    private final List<Logger> loggers;
    private final List<Level> levels = new ArrayList<>();

    private SecretSearch(List<String> secrets, List<Logger> loggers) {
        this.secrets = secrets;
        this.loggers = loggers;
    }

    static SecretSearch of(List<String> secrets) {
        List<Logger> loggers =
                List.of(
                        (Logger) LoggerFactory.getLogger("leat"),
                        (Logger) LoggerFactory.getLogger("org.apache.kafka"));
        SecretSearch search = new SecretSearch(secrets, loggers);
        for (Logger logger : loggers) {
            search.levels.add(logger.getLevel());
            logger.setLevel(Level.DEBUG);
            logger.setAdditive(false);
            logger.addAppender(search);
        }
        search.start();
        return search;
    }

    @Override
    protected void append(ILoggingEvent event) {
        lines.incrementAndGet();
        String line =
                event.getFormattedMessage()
                        + event.getKeyValuePairs()
                        + (event.getThrowableProxy() == null
                                ? ""
                                : ThrowableProxyUtil.asString(event.getThrowableProxy()));
        if (secrets.stream().anyMatch(line::contains)) {
            found.add(line);
        }
    }

    long lines() {
        return lines.get();
    }

    Queue<String> found() {
        return found;
    }

    @Override
    public void close() {
        for (int i = 0; i < loggers.size(); i++) {
            loggers.get(i).detachAppender(this);
            loggers.get(i).setAdditive(true);
            loggers.get(i).setLevel(levels.get(i));
        }
        stop();
    }
}
