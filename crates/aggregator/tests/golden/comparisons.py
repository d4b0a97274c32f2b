"""Makes comparisons.json: tests of SciPy that compare configs.

    pip install scipy==1.17.1 numpy==2.4.6
    python comparisons.py > comparisons.json

`fligner`: two samples, some rounded so that they tie and some with outliers, and the probability of
`scipy.stats.fligner(first, second, center="median")`. `sign`: how many of n differences are above 0, and the probability of
`scipy.stats.binomtest(above, n)`.
"""

import json

import numpy
import scipy
from scipy.stats import binomtest, fligner

draw = numpy.random.default_rng(8)
cases = []
for n, m in [(5, 5), (5, 9), (10, 10), (20, 20), (20, 12), (40, 40)]:
    for width in [1.0, 2.5]:
        for digits in [12, 0]:
            first, second = draw.normal(size=n), width * draw.standard_t(2, size=m)
            first, second = numpy.round(2 * first, digits) / 2, numpy.round(2 * second, digits) / 2
            p = fligner(first, second, center="median").pvalue
            cases.append({"first": first.tolist(), "second": second.tolist(), "p": float(p)})
signs = [
    {"above": above, "n": n, "p": float(binomtest(above, n).pvalue)}
    for n in [1, 2, 5, 6, 9, 20, 39, 200]
    for above in sorted({0, 1, n // 4, n // 2, n - 1, n})
]
versions = {"numpy": numpy.__version__, "scipy": scipy.__version__}
print(json.dumps({"versions": versions, "fligner": cases, "sign": signs}))
