package leat.examples.connectedcar;

/// What the fleet's owner has on file of each car: make, model year and the region whose workshops
/// look after it. A car is on file as the same one every time, whatever the seed of a run.
public final class CarRegister {

    private static final String[] MAKES = {
        "Aurora", "Borealis", "Cumulus", "Drift", "Estuary", "Fjord"
    };
    private static final String[] REGIONS = {"north", "east", "south", "west", "centre"};
    private static final int OLDEST_YEAR = 2016;
    private static final int YEARS = 10;

    private CarRegister() {}

    /// The register as a CSV file, a line each for the cars 1 to `cars`.
    public static String csv(int cars) {
        StringBuilder csv = new StringBuilder("car,make,model_year,workshop_region\n");
        for (int car = 1; car <= cars; car++) {
            long bits = Dice.mix(car);
            csv.append("car")
                    .append(car)
                    .append(',')
                    .append(MAKES[pick(bits, 0, MAKES.length)])
                    .append(',')
                    .append(OLDEST_YEAR + pick(bits, 16, YEARS))
                    .append(',')
                    .append(REGIONS[pick(bits, 32, REGIONS.length)])
                    .append('\n');
        }
        return csv.toString();
    }

    private static int pick(long bits, int from, int count) {
        return (int) ((((bits >>> from) & 0xFFFF) * count) >>> 16);
    }
}
