-- Which cars show the beginning of a failure in the last ten minutes, and of which.
-- One row a car and symptom; README.md says how each condition shows in the signals.
WITH recent AS (
  SELECT
    car,
    speed,
    coolant_temp,
    control_unit_firmware,
    engine_vibration_amplitude / (80 + 100 * speed) AS vibration_per_speed,
    GREATEST(tire_pressure_1_1, tire_pressure_1_2, tire_pressure_2_1, tire_pressure_2_2)
      - LEAST(tire_pressure_1_1, tire_pressure_1_2, tire_pressure_2_1, tire_pressure_2_2)
      AS tyre_spread,
    GREATEST(accelerometer_1_1_value, accelerometer_1_2_value,
             accelerometer_2_1_value, accelerometer_2_2_value) AS largest_shake,
    LEAST(accelerometer_1_1_value, accelerometer_1_2_value,
          accelerometer_2_1_value, accelerometer_2_2_value) AS smallest_shake
  FROM car_telemetry
  WHERE "time" > CURRENT_TIMESTAMP - INTERVAL '10' MINUTE
),
cars AS (
  SELECT
    car,
    COUNT(*) AS readings,
    AVG(tyre_spread) AS tyre_spread,
    AVG(CASE WHEN speed > 1 THEN largest_shake / NULLIF(smallest_shake, 0) END) AS shake_ratio,
    AVG(CASE WHEN speed > 1 THEN vibration_per_speed END) AS vibration,
    MAX(coolant_temp) AS coolant,
    MIN(control_unit_firmware) AS firmware
  FROM recent
  GROUP BY car
)
SELECT car, 'tyre-loss' AS symptom, tyre_spread AS measure, readings
FROM cars WHERE tyre_spread > 3.5
UNION ALL
SELECT car, 'shock-absorber', shake_ratio, readings FROM cars WHERE shake_ratio > 5
UNION ALL
SELECT car, 'drive-shaft', vibration, readings FROM cars WHERE vibration > 1.1
UNION ALL
SELECT car, 'engine-overheating', coolant, readings FROM cars WHERE coolant > 105
UNION ALL
SELECT car, 'bad-firmware', firmware, readings FROM cars WHERE firmware < 2000
ORDER BY symptom, measure DESC
