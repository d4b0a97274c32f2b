"""Makes sequence.json: the confidence sequence of a median by the authors' package.

    pip install confseq==0.0.11 numpy scipy      (a C++ compiler and Boost's headers)
    python sequence.py > sequence.json

`bounds`: by how much the number of values below the median may differ from n / 2, at all n together, by the two-sided
beta-binomial mixture (`confseq.boundaries.beta_binomial_mixture_bound`) with the uniform mixing distribution.

confseq describes the mixture by the intrinsic time `v_opt` that it is best for. With g = h = 1/2 its Beta distribution has both
parameters 2 r, where r = rho - 1/4 and rho = v_opt / (2 log(1 / alpha) + log(1 + 2 log(1 / alpha))); 2 r = 1 is the uniform one.
"""

import importlib.metadata
import json
from math import log

from confseq.boundaries import beta_binomial_mixture_bound

bounds = []
for confidence in [0.9, 0.95, 0.99]:
    alpha = 1 - confidence
    v_opt = 0.75 * (2 * log(1 / alpha) + log(1 + 2 * log(1 / alpha)))
    for n in [8, 10, 15, 20, 25, 30, 40, 60, 100, 200, 500]:
        bound = beta_binomial_mixture_bound(n / 4, alpha, v_opt, 0.5, 0.5, alpha, False)
        bounds.append({"confidence": confidence, "n": n, "bound": float(bound)})
print(json.dumps({"confseq": importlib.metadata.version("confseq"), "bounds": bounds}))
