package leat.launcher;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import leat.console.StatusSource;

/// The platform as the console shows it.
final class PlatformStatus implements StatusSource {

    private final Platform platform;

    PlatformStatus(Platform platform) {
        this.platform = platform;
    }

    @Override
    public Optional<String> notReady() {
        return platform.stageStates().entrySet().stream()
                .filter(state -> !state.getValue().startsWith(Platform.RUNNING))
                .map(state -> state.getKey() + " is " + state.getValue())
                .findFirst();
    }

    @Override
    public Map<String, Object> status() {
        Map<String, Object> status = new LinkedHashMap<>();
        status.put("addresses", platform.addresses());
        status.put("stages", platform.stageStates());
        return status;
    }
}
