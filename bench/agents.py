"""Measure the fast agent engine beside covasim and starsim, each in a process of its own, in one run.

    python bench/agents.py --peers ENV/bin/python --json

``ENV`` is a virtual environment with ``bench/requirements.txt`` installed. Every engine runs 100,000 agents for 60
days: ours and covasim with four contact layers, testing and tracing, starsim (which has no tracing) a plain SIR on
ten random contacts. Timed is the CPU time of making the population and running it, after one small run that takes
the compilers out; peak memory is that of the whole process, imports included.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from typing import Any

OURS = """
from suyuan.twin.agents import WhatIf, run_agents
from suyuan.twin.agents_layers import make_network
from suyuan.twin.natural_history import NaturalHistory, Spread
import numpy as np
COVID = NaturalHistory("SARS-CoV-2", Spread(5.2, 2.0), Spread(2.0, 0.6), (1, 1, 0.7, 0.4, 0.2, 0.1),
                       0.7, 0.7, 2.5, 0.4, "bench")
PLAN = WhatIf(p_test_ill=0.2, p_test_well=0.001, p_test_quarantined=1.0,
              trace_share={"household": 1.0, "school": 0.5, "work": 0.5, "community": 0.3})
def run(n, days):
    rng = np.random.default_rng(1)
    return int(run_agents(make_network(n, rng), COVID, PLAN, days, max(20, n // 1000), rng).infections.sum())
"""

COVASIM = """
import warnings
warnings.simplefilter("ignore")
import covasim as cv
cv.options(verbose=0)
def run(n, days):
    test = cv.test_prob(symp_prob=0.2, asymp_prob=0.001, symp_quar_prob=1.0, asymp_quar_prob=1.0)
    trace = cv.contact_tracing(trace_probs=dict(h=1, s=0.5, w=0.5, c=0.3), trace_time=dict(h=0, s=1, w=1, c=2))
    sim = cv.Sim(pop_size=n, pop_type="hybrid", pop_infected=max(20, n // 1000), n_days=days,
                 interventions=[test, trace], rand_seed=1, verbose=0)
    sim.run()
    return int(sim.summary["cum_infections"])
"""

STARSIM = """
import warnings
warnings.simplefilter("ignore")
import starsim as ss
def run(n, days):
    sir = ss.SIR(beta=ss.perday(0.03), init_prev=0.001, dur_inf=ss.lognorm_ex(mean=ss.days(8)))
    sim = ss.Sim(n_agents=n, start="2020-01-01", dur=days, dt=ss.days(1), diseases=sir,
                 networks=ss.RandomNet(n_contacts=10), rand_seed=1, verbose=0)
    sim.run()
    return int(sim.results.sir.cum_infections[-1])
"""

WATCH = """
import json, resource, time
run(2000, 5)
start = time.process_time()
infections = run({people}, {days})
seconds = time.process_time() - start
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print("RESULT" + json.dumps({{"cpu_s": seconds, "agent_days_per_cpu_s": {people} * {days} / seconds,
      "peak_mib": peak, "infections": infections}}))
"""


def measure(python: str, code: str, people: int, days: int) -> dict[str, Any]:
    """Run one engine in a fresh process; a missing package comes back as a sentence under ``problem``."""
    program = code + WATCH.format(people=people, days=days)
    done = subprocess.run([python, "-c", program], capture_output=True, text=True, check=False)
    for line in done.stdout.splitlines():
        if line.startswith("RESULT"):
            return dict(json.loads(line.removeprefix("RESULT")))
    last = done.stderr.strip().splitlines()[-1] if done.stderr.strip() else "it said nothing"
    if "ModuleNotFoundError" in last:
        return {
            "problem": f"Not measured, {last.split()[-1]} is not installed for {python}. Make an environment, install "
            "bench/requirements.txt into it and give its python with --peers."
        }
    return {"problem": f"Not measured, the run failed: {last}"}


def main() -> int:
    """Measure all three and print a table or one JSON object."""
    parser = argparse.ArgumentParser(description="Agent-days per CPU second beside covasim and starsim.")
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--days", type=int, default=60)
    parser.add_argument("--peers", default=sys.executable, help="python of the environment that has the peers")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    engines = {
        "suyuan, test + trace": (sys.executable, OURS),
        "covasim, test + trace": (options.peers, COVASIM),
        "starsim, SIR": (options.peers, STARSIM),
    }
    results = {name: measure(python, code, options.people, options.days) for name, (python, code) in engines.items()}
    own = results["suyuan, test + trace"].get("agent_days_per_cpu_s")
    for result in results.values():
        if own and "agent_days_per_cpu_s" in result:
            result["suyuan_is_faster_by"] = own / result["agent_days_per_cpu_s"]
    if options.json:
        print(json.dumps({"people": options.people, "days": options.days, "engines": results}))
        return 0
    for name, result in results.items():
        print(f"{name:24} {describe(result)}")
    return 0


def describe(result: dict[str, Any]) -> str:
    """Say a measurement in one line."""
    if "problem" in result:
        return str(result["problem"])
    rate, peak = result["agent_days_per_cpu_s"] / 1e6, result["peak_mib"]
    line = f"{rate:7.2f} M agent-days/CPU s  {peak:6.0f} MiB  {result['infections']:7} infected"
    return f"{line}  ratio {result['suyuan_is_faster_by']:.2f}" if "suyuan_is_faster_by" in result else line


if __name__ == "__main__":
    raise SystemExit(main())
