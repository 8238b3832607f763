/**
 * Writes pendulum.csv: 400 swings of a pendulum, measured with an error of 1 %. Length L from 0.1 to 2 m and amplitude θ from 5° to
 * 120° are drawn uniformly, and so is the mass, on which the period does not depend. The period is the exact one,
 *
 *     T = 2π √(L / g) / agm(1, cos(θ / 2)),   g = 9.81 m/s²
 *
 * (agm is the arithmetic-geometric mean; Gauss), times 1 + 0.01 n with n from the standard normal law.
 *
 *     npx tsx examples/data/make-pendulum.ts > examples/data/pendulum.csv
 */
import { random } from "softgrad";

const rows = 400;
const key = random.key(1673); // The year of Huygens's Horologium Oscillatorium.
const draw = async (name: number, low: number, high: number): Promise<number[]> =>
  Array.from(await random.uniform(random.fold(key, name), [rows], { low, high }).data());

function agm(a: number, b: number): number {
  return Math.abs(a - b) < 1e-15 ? a : agm((a + b) / 2, Math.sqrt(a * b));
}

const lengths = await draw(0, 0.1, 2);
const amplitudes = await draw(1, 5, 120);
const masses = await draw(2, 0.05, 1);
const errors = await random.normal(random.fold(key, 3), [rows], { std: 0.01 }).data();

console.log("length_m,amplitude_deg,mass_kg,period_s");
for (let row = 0; row < rows; row++) {
  const [length, amplitude, mass] = [lengths[row].toFixed(3), amplitudes[row].toFixed(1), masses[row].toFixed(3)];
  const ideal = 2 * Math.PI * Math.sqrt(Number(length) / 9.81);
  const period = ideal / agm(1, Math.cos((Number(amplitude) * Math.PI) / 360));
  console.log([length, amplitude, mass, (period * (1 + errors[row])).toFixed(4)].join());
}
