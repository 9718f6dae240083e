package leat.launcher;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import leat.console.StatusSource;

/// The platform as the console shows it.
final class PlatformStatus implements StatusSource {

    private final Platform platform;

    PlatformStatus(Platform platform) {
        this.platform = platform;
    }

    @Override
    public Optional<String> notReady() {
        if (!platform.started()) {
            return Optional.of("the process is starting");
        }
        return platform.stageStates().entrySet().stream()
                .filter(state -> !(state.getValue() instanceof StageState.Running))
                .map(state -> state.getKey() + " is " + state.getValue().text())
                .findFirst();
    }

    @Override
    public Map<String, Object> status() {
        Map<String, Object> status = new LinkedHashMap<>();
        status.put("addresses", platform.addresses());
        Map<String, String> stages = new TreeMap<>();
        platform.stageStates().forEach((stage, state) -> stages.put(stage, state.text()));
        status.put("stages", stages);
        return status;
    }
}
