package leat.launcher.config;

import java.net.URI;

/// The ports of a workspace's roles on this machine, and where its commands find them.
///
/// @param anyForCollector whether the collector's doors take any free ports
/// @param offset by which all that are configured are moved
public record WorkspacePorts(LeatConfig config, boolean anyForCollector, int offset) {

    static final String LOOPBACK = "127.0.0.1";

    /// The embedded broker's port.
    public Ports kafka() {
        return new Ports("log.port", LOOPBACK, config.log().port(), offset);
    }

    /// The embedded search engine's port.
    public Ports search() {
        return new Ports("search.port", LOOPBACK, config.search().port(), offset);
    }

    /// The collector's HTTP port.
    public Ports collector() {
        return door("http", config.collector().http().host(), config.collector().http().port());
    }

    /// The collector's gRPC port.
    public Ports collectorGrpc() {
        return door("grpc", config.collector().grpc().host(), config.collector().grpc().port());
    }

    /// The collector's MQTT port.
    public Ports mqtt() {
        return door("mqtt", config.collector().mqtt().host(), config.collector().mqtt().port());
    }

    /// The collector's syslog port.
    public Ports syslog() {
        return door(
                "syslog", config.collector().syslog().host(), config.collector().syslog().port());
    }

    private Ports door(String door, String host, int configured) {
        int port = anyForCollector ? 0 : configured;
        return new Ports("collector." + door + ".port", host, port, offset);
    }

    /// The console's port.
    public Ports console() {
        return new Ports("console.port", config.console().host(), config.console().port(), offset);
    }

    /// The console's gRPC port.
    public Ports consoleGrpc() {
        return new Ports(
                "console.grpc.port",
                config.console().host(),
                config.console().grpc().port(),
                offset);
    }

    /// The Enrichment API's port for REST.
    public Ports enrichmentHttp() {
        return new Ports(
                "enrichment-api.http.port",
                config.enrichmentApi().http().host(),
                config.enrichmentApi().http().port(),
                offset);
    }

    /// The Enrichment API's port for gRPC.
    public Ports enrichmentGrpc() {
        return new Ports(
                "enrichment-api.grpc.port",
                config.enrichmentApi().grpc().host(),
                config.enrichmentApi().grpc().port(),
                offset);
    }

    /// Where commands of this machine reach the collector.
    public URI collectorAddress() {
        String scheme = config.collector().tls().isPresent() ? "https://" : "http://";
        return URI.create(scheme + LOOPBACK + ":" + collector().number());
    }

    /// Where commands of this machine reach the console.
    public URI consoleAddress() {
        String scheme = config.console().tls().isPresent() ? "https://" : "http://";
        return URI.create(scheme + LOOPBACK + ":" + console().number());
    }

    /// The search engine that the workspace names, or the embedded one.
    public URI searchAddress() {
        return config.search()
                .url()
                .map(URI::create)
                .orElseGet(() -> URI.create("http://" + LOOPBACK + ":" + search().number()));
    }
}
