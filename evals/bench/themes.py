"""Themes side by side with BERTopic on the same vectors: whether they are people's, hold still, cover all, and what they cost.

BERTopic and its libraries are no dependency: `uv pip install --group bench`, then `uv pip install --no-deps bertopic==0.17.4`.
"""

import importlib.util
import time
from statistics import mean

import numpy as np
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_mutual_info_score, adjusted_rand_score, normalized_mutual_info_score

from assistant.errors import UsageError
from assistant.synthesis.hierarchy import cluster
from assistant.synthesis.increment import Anchors, anchors, assign
from evals.bench.measure import Result, Setting, Target, at_least, at_most
from evals.bench.themes_data import Ints, Sorted, Vectors, intents, reviews, said_longest, sentences
from evals.bench.themes_grouped import Grouped, grouped
from evals.bench.workspaces import say

NMI, ARI, HUMAN = 1.05, 1.5, 1.3
SPEED, MEMORY = 5.0, 0.5
GROWN_COST, GROWN_NMI = 15.0, 0.99
_SEEDS = 10
_TENTHS = 3
_COMPARED, _COMPARED_QUICK = 50_000, 3_000
_SIZES, _SIZES_QUICK = (25_000, 50_000, 100_000, 200_000), (1_000, 2_000)


def measure_themes(setting: Setting) -> list[Result]:
    """Quality, determinism, increments, speed, growth. Raises: UsageError where BERTopic isn't installed."""
    if importlib.util.find_spec("bertopic") is None:
        raise UsageError(
            "BERTopic isn't installed, which themes are measured against.",
            hint="uv pip install --group bench; uv pip install --no-deps bertopic==0.17.4",
        )
    sets = intents(setting)
    return [
        *_against_bertopic(sets),
        *_grown(sets),
        *_human(setting),
        *_speed(setting),
        *_growth(setting),
    ]


def _row(what: str, value: float, target: Target | None = None, unit: str = "", note: str = "") -> Result:
    return Result(bench="themes", what=what, value=value, unit=unit, target=target, note=note)


def _against_bertopic(sets: list[Sorted]) -> list[Result]:
    rows: list[Result] = []
    names = ("ours", "default", "reduced")
    nmi: dict[str, list[float]] = {name: [] for name in names}
    ari: dict[str, list[float]] = {name: [] for name in names}
    for one in sets:
        say(f"themes: {one.name}")
        shuffled = np.random.default_rng(5).permutation(len(one.texts))
        first, again = grouped("ours", one, threads=1), grouped("ours", one, threads=2)
        peer, peer_again = grouped("bertopic", one), grouped("bertopic", one, order=shuffled)
        found = {"ours": first["labels"], "default": peer["labels"], "reduced": peer["reduced"]}
        for name, labels in found.items():
            nmi[name].append(normalized_mutual_info_score(one.themes, labels))
            ari[name].append(adjusted_rand_score(one.themes, labels))
        rows += [_covered(one, found), *_still(one, first, again, peer["labels"], peer_again["labels"])]
    told = {
        name: ", ".join(
            f"{one.name} {a:.3f} / {b:.3f}" for one, a, b in zip(sets, nmi[name], ari[name], strict=True)
        )
        for name in names
    }
    note = "; ".join(f"{name}: {told[name]}" for name in names)
    return [
        _row("NMI over BERTopic as it comes", mean(nmi["ours"]) / mean(nmi["default"]), at_least(NMI), "x", f"NMI / ARI {note}"),
        _row("NMI over BERTopic with outliers reduced", mean(nmi["ours"]) / mean(nmi["reduced"]), at_least(1), "x"),
        _row("ARI over BERTopic as it comes", mean(ari["ours"]) / mean(ari["default"]), at_least(ARI), "x"),
        _row("ARI over BERTopic with outliers reduced", mean(ari["ours"]) / mean(ari["reduced"]), None, "x"),
        *rows,
    ]  # fmt: skip


def _covered(one: Sorted, found: dict[str, Ints]) -> Result:
    peer = 100 * float((found["default"] >= 0).mean())
    return _row(
        f"{one.name}: rows that are in a theme",
        100 * float((found["ours"] >= 0).mean()),
        at_least(100),
        "%",
        f"BERTopic {peer:.1f} %; people told {one.count} themes apart, we {found['ours'].max() + 1}, BERTopic {found['default'].max() + 1}",
    )


def _still(one: Sorted, first: Grouped, again: Grouped, peer: Ints, peer_again: Ints) -> list[Result]:
    return [
        _row(
            f"{one.name}: ARI of two runs, other number of threads",
            adjusted_rand_score(first["labels"], again["labels"]),
            at_least(1),
            "",
            f"BERTopic, shuffled: {adjusted_rand_score(peer, peer_again):.3f}",
        ),
        _row(
            f"{one.name}: labels and centroids of the three levels, byte-identical",
            float(first.sha256 == again.sha256),
            at_least(1),
        ),
    ]


def _grown(sets: list[Sorted]) -> list[Result]:
    """A tenth more: three of them, as a level that is chosen by chance weighs more than what joins it."""
    costs, ratios, moved = [], [], 0
    for one in sets:
        say(f"themes: {one.name}, a tenth more")
        started = time.process_time()
        full = cluster(one.vectors).themes.labels
        whole = time.process_time() - started
        nmi = normalized_mutual_info_score(one.themes, full)
        for first in range(_TENTHS):
            # The order is that of a hash: every eleventh is a random tenth more.
            is_new = np.arange(len(one.texts)) % 11 == first
            base = cluster(one.vectors[~is_new]).themes.labels
            # Kept with the themes from the run before.
            known = anchors(one.vectors[~is_new], base)
            started = time.process_time()
            labels = np.empty(len(one.texts), dtype=np.int64)
            labels[~is_new], labels[is_new] = base, _joined(one.vectors[is_new], known)
            costs.append((time.process_time() - started) / whole)
            ratios.append(normalized_mutual_info_score(one.themes, labels) / nmi)
            moved += int((labels[~is_new] != base).sum())
    told = ", ".join(f"{ratio:.3f}" for ratio in ratios)
    return [
        _row("a tenth more rows: CPU time over a full run", 100 * max(costs), at_most(GROWN_COST), "%", "the dearest of six"),
        _row("a tenth more rows: NMI over a full run", mean(ratios), at_least(GROWN_NMI), "x", f"{told}"),
        _row("a tenth more rows: old rows moved", moved, at_most(0)),
    ]  # fmt: skip


def _joined(new: Vectors, known: Anchors) -> Ints:
    joined = assign(new, known)
    labels = joined.labels.copy()
    labels[joined.is_far] = cluster(new[joined.is_far]).themes.labels + len(known.centroids)
    return labels


def _human(setting: Setting) -> list[Result]:
    whole = reviews(setting)
    rows = []
    for what, sets in (
        ("reviews as they are", whole),
        ("the longest statement of each", [said_longest(setting, one) for one in whole]),
    ):
        ours = [
            adjusted_mutual_info_score(one.themes, cluster(one.vectors, one.texts).themes.labels)
            for one in sets
        ]
        told = [_k_means(one) for one in sets]
        rows.append(
            _row(
                f"human themes of app reviews, {what}: mean AMI over k-means that is told k",
                mean(ours) / mean(told),
                at_least(HUMAN),
                "x",
                "; ".join(
                    f"{one.name} {a:.3f} against {b:.3f}" for one, a, b in zip(sets, ours, told, strict=True)
                ),
            )
        )
    return rows


def _k_means(one: Sorted) -> float:
    runs = [
        KMeans(one.count, n_init=10, random_state=seed).fit_predict(one.vectors) for seed in range(_SEEDS)
    ]
    return mean(float(adjusted_mutual_info_score(one.themes, labels)) for labels in runs)


def _speed(setting: Setting) -> list[Result]:
    count = _COMPARED_QUICK if setting.quick else _COMPARED
    say(f"themes: {count:,} sentences")
    texts = sentences(setting, count)
    ours, peer = grouped("ours", texts), grouped("stage", texts)
    return [
        _row(
            f"{count:,} vectors: CPU time of UMAP and HDBSCAN as BERTopic sets them up, warm, over ours",
            peer.cpu_s / ours.cpu_s,
            at_least(SPEED),
            "x",
            f"{ours.cpu_s:.1f} against {peer.cpu_s:.1f} CPU-s, ours with three levels",
        ),
        _row(
            f"{count:,} vectors: peak memory over BERTopic's",
            ours.peak_mb / peer.peak_mb,
            at_most(MEMORY),
            "x",
            f"{ours.peak_mb:,.0f} against {peer.peak_mb:,.0f} MB, of the whole process",
        ),
    ]


def _growth(setting: Setting) -> list[Result]:
    sizes = _SIZES_QUICK if setting.quick else _SIZES
    largest = sentences(setting, sizes[-1])
    rows, costs = [], []
    for count in sizes:
        say(f"themes: {count:,} vectors")
        one = grouped("ours", largest.first(count))
        costs.append((one.cpu_s, one.peak_mb))
        rows.append(
            _row(
                f"{count:,} vectors: themes alone",
                one.cpu_s,
                None,
                "CPU-s",
                f"{one.peak_mb:,.0f} MB; {one['labels'].max() + 1:,} themes",
            )
        )
    doublings = np.log2(1_000_000 / sizes[-1])
    for place, (what, unit) in enumerate((("CPU time", "CPU-s"), ("peak memory", "MB"))):
        factor = costs[-1][place] / costs[-2][place]
        rows.append(
            _row(
                f"1,000,000 vectors: {what}, derived",
                costs[-1][place] * factor**doublings,
                None,
                unit,
                f"{factor:.2f}x for twice the rows, from {sizes[-2]:,} to {sizes[-1]:,}",
            )
        )
    return rows
