package leat.examples.connectedcar;

import static leat.examples.connectedcar.JsonBuffer.literal;

/// Readings and failures as the JSON objects of the contracts `car-telemetry` and `car-failure`.
final class EventWriter {

    private static final int MICROS_DIGITS = 6;

    private static final byte[] TIME = literal("{\"time\":");
    private static final byte[] CAR = literal(",\"car\":\"car");
    private static final byte[] COOLANT_TEMP = literal("\",\"coolant_temp\":");
    private static final byte[] INTAKE_AIR_TEMP = literal(",\"intake_air_temp\":");
    private static final byte[] INTAKE_AIR_FLOW = literal(",\"intake_air_flow_speed\":");
    private static final byte[] BATTERY_PERCENTAGE = literal(",\"battery_percentage\":");
    private static final byte[] BATTERY_VOLTAGE = literal(",\"battery_voltage\":");
    private static final byte[] CURRENT_DRAW = literal(",\"current_draw\":");
    private static final byte[] SPEED = literal(",\"speed\":");
    private static final byte[] VIBRATION = literal(",\"engine_vibration_amplitude\":");
    private static final byte[] THROTTLE = literal(",\"throttle_pos\":");
    private static final byte[][] TYRE = {
        literal(",\"tire_pressure_1_1\":"),
        literal(",\"tire_pressure_1_2\":"),
        literal(",\"tire_pressure_2_1\":"),
        literal(",\"tire_pressure_2_2\":")
    };
    private static final byte[][] ACCELEROMETER = {
        literal(",\"accelerometer_1_1_value\":"),
        literal(",\"accelerometer_1_2_value\":"),
        literal(",\"accelerometer_2_1_value\":"),
        literal(",\"accelerometer_2_2_value\":")
    };
    private static final byte[] FIRMWARE = literal(",\"control_unit_firmware\":");
    private static final byte[] END = literal("}");

    private static final byte[] MODE = literal("\",\"mode\":\"");
    private static final byte[] ONSET = literal("\",\"onset\":");
    private static final byte[] WHEEL = literal(",\"wheel\":");
    private static final byte[][] WHEELS = {
        literal("\"1_1\""), literal("\"1_2\""), literal("\"2_1\""), literal("\"2_2\"")
    };

    private EventWriter() {}

    /// @param car counted from 1
    static void telemetry(JsonBuffer json, long timeMicros, int car, Reading reading) {
        json.clear().literal(TIME).fraction(timeMicros, MICROS_DIGITS);
        json.literal(CAR).integer(car);
        json.literal(COOLANT_TEMP).decimal(reading.coolantTemp, 2);
        json.literal(INTAKE_AIR_TEMP).decimal(reading.intakeAirTemp, 2);
        json.literal(INTAKE_AIR_FLOW).decimal(reading.intakeAirFlow, 2);
        json.literal(BATTERY_PERCENTAGE).decimal(reading.batteryPercentage, 5);
        json.literal(BATTERY_VOLTAGE).decimal(reading.batteryVoltage, 2);
        json.literal(CURRENT_DRAW).decimal(reading.currentDraw, 3);
        json.literal(SPEED).decimal(reading.speed, 3);
        json.literal(VIBRATION).decimal(reading.engineVibration, 1);
        json.literal(THROTTLE).decimal(reading.throttle, 4);
        for (int wheel = 0; wheel < 4; wheel++) {
            json.literal(TYRE[wheel]).integer(reading.tyrePressure[wheel]);
        }
        for (int wheel = 0; wheel < 4; wheel++) {
            json.literal(ACCELEROMETER[wheel]).decimal(reading.accelerometer[wheel], 4);
        }
        json.literal(FIRMWARE).integer(reading.firmware).literal(END);
    }

    /// @param onsetMicros when the condition began that ended in the failure
    static void failure(
            JsonBuffer json,
            long timeMicros,
            int car,
            Failure failure,
            long onsetMicros,
            int wheel) {
        json.clear().literal(TIME).fraction(timeMicros, MICROS_DIGITS);
        json.literal(CAR).integer(car);
        json.literal(MODE).literal(literal(failure.word()));
        json.literal(ONSET).fraction(onsetMicros, MICROS_DIGITS);
        if (failure.ofOneWheel()) {
            json.literal(WHEEL).literal(WHEELS[wheel]);
        }
        json.literal(END);
    }
}
