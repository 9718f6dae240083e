-- What the signals said in the last minutes before each kind of failure, against all other readings:
-- the question a model for predictive maintenance has to answer.
WITH labelled AS (
  SELECT t.car, t."time", f.mode
  FROM car_telemetry t
  JOIN car_failure f
    ON f.car = t.car
    AND t."time" <= f."time"
    AND t."time" > f."time" - INTERVAL '5' MINUTE
)
SELECT
  COALESCE(l.mode, 'none') AS failure,
  COUNT(*) AS readings,
  COUNT(DISTINCT t.car) AS cars,
  AVG(t.coolant_temp) AS coolant,
  AVG(t.engine_vibration_amplitude / (80 + 100 * t.speed)) AS vibration_per_speed,
  AVG(GREATEST(t.tire_pressure_1_1, t.tire_pressure_1_2, t.tire_pressure_2_1, t.tire_pressure_2_2)
    - LEAST(t.tire_pressure_1_1, t.tire_pressure_1_2, t.tire_pressure_2_1, t.tire_pressure_2_2))
    AS tyre_spread,
  AVG(GREATEST(t.accelerometer_1_1_value, t.accelerometer_1_2_value,
               t.accelerometer_2_1_value, t.accelerometer_2_2_value)) AS largest_shake,
  MIN(t.control_unit_firmware) AS oldest_firmware
FROM car_telemetry t
LEFT JOIN labelled l ON l.car = t.car AND l."time" = t."time"
WHERE t.speed > 1
GROUP BY COALESCE(l.mode, 'none')
ORDER BY failure
