"""Coefficients of src/smooth/kernels/student-coefficients.ts: python3 tools/coefficients/student.py (mpmath 1.3, 60 digits).

With theta = arccot d, from 0 to pi/2, the integrals I_n(-d) of the densities in proportion to (1 + u^2)^-2 and (1 + u^2)^-3 are
theta^(lead - n) times a function of theta^2 without a singularity before pi^2. These functions, as Chebyshev interpolants in
powers: of the lowest degree that is right to 2e-8 absolutely (single), and to 3e-16 of the value (double).
"""
from mpmath import cos, cot, lu_solve, matrix, mp, mpf, pi, sin

mp.dps = 60
END = (pi / 2) ** 2


def t3(order, t):
    first = (t - sin(t) * cos(t)) / pi
    return [first, (1 - t * cot(t)) / pi, first / sin(t) ** 2][order]


def t5(order, t):
    d = cot(t)
    zero = 8 / (3 * pi) * (3 * t / 8 - sin(2 * t) / 4 + sin(4 * t) / 32)
    one = -2 * sin(t) ** 4 / (3 * pi)
    two = t3(0, t) * 4 / 3 - zero
    three = 8 / (3 * pi) * (sin(t) ** 4 / 4 - sin(t) ** 2 / 2)
    return [zero, -d * zero - one, d ** 2 * zero + 2 * d * one + two,
            -d ** 3 * zero - 3 * d ** 2 * one - 3 * d * two - three][order]


def interpolate(f, degree):
    nodes = [END / 2 + END / 2 * cos(pi * (2 * k + 1) / (2 * degree + 2)) for k in range(degree + 1)]
    system, values = matrix(degree + 1, degree + 1), matrix(degree + 1, 1)
    for i, s in enumerate(nodes):
        values[i] = f(s)
        for j in range(degree + 1):
            system[i, j] = s ** j
    return list(lu_solve(system, values))


def coefficients(f, lead, absolute, limit):
    for degree in range(2, 24):
        powers = [mpf(float(c)) for c in interpolate(f, degree)]
        worst = mpf(0)
        for k in range(1, 201):
            s = END * mpf(k) / 200
            error = abs(sum(c * s ** j for j, c in enumerate(powers)) - f(s))
            worst = max(worst, error * mp.sqrt(s) ** lead if absolute else error / f(s))
        # The roundings of the coefficients themselves are more than the interpolation error in the end.
        if worst < limit:
            return [float(c) for c in powers]
    raise ValueError(f"not reached: {worst}")


if __name__ == "__main__":
    for name, tail, lead, orders in (("T3", t3, 3, 3), ("T5", t5, 5, 4)):
        print(f"export const {name} = [")
        for order in range(orders):
            power = lead - order
            f = lambda s: tail(order, mp.sqrt(s)) / mp.sqrt(s) ** power
            single = coefficients(f, power, True, mpf("2e-8"))
            double = coefficients(f, power, False, mpf("3e-16"))
            print(f"  {{ lead: {power}, single: {single}, double: {double} }},")
        print("] as const;")
