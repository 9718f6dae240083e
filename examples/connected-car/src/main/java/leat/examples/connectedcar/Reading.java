package leat.examples.connectedcar;

/// The sensors of one car at one moment, in the units of the contract. One instance is filled again
/// and again.
final class Reading {
    float coolantTemp;
    float intakeAirTemp;
    float intakeAirFlow;
    float batteryPercentage;
    float batteryVoltage;
    float currentDraw;
    float speed;
    float engineVibration;
    float throttle;
    final int[] tyrePressure = new int[4];
    final float[] accelerometer = new float[4];
    int firmware;
}
