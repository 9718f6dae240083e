package leat.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.joran.spi.JoranException;
import ch.qos.logback.core.read.ListAppender;
import java.net.URL;
import java.util.Objects;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The program's own configuration of the log.
final class AppendsInOrderTest {

    private static final String BROKER = "kafka.server.ReplicaManager";

    private final Exception outOfOrder = new OutOfOrderSequenceException("3, expected 0");
    private final LoggerContext context = new LoggerContext();
    private final ListAppender<ILoggingEvent> told = new ListAppender<>();

    @BeforeEach
    void configure() throws JoranException {
        URL configuration =
                Objects.requireNonNull(
                        AppendsInOrderTest.class.getResource("/logback.xml"), "logback.xml");
        JoranConfigurator configurator = new JoranConfigurator();
        configurator.setContext(context);
        configurator.doConfigure(configuration);
        told.setContext(context);
        told.start();
        Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.detachAndStopAllAppenders();
        root.addAppender(told);
    }

    @AfterEach
    void stop() {
        context.stop();
    }

    @Test
    void batchesThatTheProducerSendsAgainAreNotTold() {
        context.getLogger(BROKER).error("Error processing append operation", outOfOrder);

        assertThat(told.list).isEmpty();
    }

    @Test
    void everyOtherFailureIs() {
        context.getLogger(BROKER).error("a disk", new KafkaStorageException("full"));
        context.getLogger(BROKER).error("a failure");
        context.getLogger("org.apache.kafka.streams.KafkaStreams").error("a view", outOfOrder);

        assertThat(told.list)
                .extracting(ILoggingEvent::getMessage)
                .containsExactly("a disk", "a failure", "a view");
    }
}
