"""Fits the weights of qa/support.py, and says what they are worth: `python -m training.support [--pairs N]`.

On claims made by rules from the articles of training/written that the reader was not trained on (claims.py):
the weights are fitted to the claims of one half of the articles, all figures are of the other half. Prints
the weights and the tables of benchmarks/results/support.md.
"""

import argparse
import json
import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from benchmarks.common import table
from index import build
from index.reading import Index
from index.sentences import sentences
from index.settings import IndexSettings
from index.snapshot import Snapshot
from qa.context import Context, heading
from qa.evidence import Sentence
from qa.figures import english
from qa.support import BIAS, SIGNALS, STRONG, WEAK, Support

from .claims import BORNE_OUT, NOT_BORNE_OUT, Pair, articles, pairs

NAMES = [signal.__name__ for signal, _ in SIGNALS]
ONE_THREAD = IndexSettings(threads=1)
"""The texts are too short for more."""
Rows = NDArray[np.float64]


def measured(found: Sequence[dict[str, Any]], chosen: Sequence[Pair]) -> Iterator[list[float]]:
    """The signals of each pair."""
    with TemporaryDirectory() as folder:
        source = Path(folder, "written.jsonl")
        source.write_text("\n".join(json.dumps(article) for article in found), encoding="utf-8")
        build([source], library=Path(folder, "library"))
        with Index.open(Path(folder, "library"), ONE_THREAD) as index, index.pinned() as snapshot:
            for pair in chosen:
                yield _signals(snapshot, found[pair.article]["id"], pair)


def _signals(snapshot: Snapshot, id: str, pair: Pair) -> list[float]:
    article = snapshot.article(id)
    earlier = [span for span in sentences(article.text) if span[1] <= pair.start]
    before = article.text[slice(*earlier[-1])] if earlier else ""
    cited = Sentence(article, pair.start, pair.end, 0, before)
    context = Context("", (cited,), {article.id: heading(article)}, 0, 0, 0)
    return Support(snapshot, context, "", ONE_THREAD.threads).signals(pair.claim, [cited])


def fitted(signals: Rows, labels: NDArray[np.bool_]) -> LogisticRegression:
    """Slightly regularised; what is borne out counts as much in all as what is not."""
    return LogisticRegression(C=3.0, max_iter=2000, class_weight="balanced").fit(signals, labels)


def worth(signals: Rows, labels: NDArray[np.bool_], first: NDArray[np.bool_]) -> str:
    """The area under the ROC curve of the second half: each signal by itself, and all without it."""
    rows: list[list[object]] = []
    for column, name in enumerate(NAMES):
        rows.append([name, _area(signals[:, [column]], labels, first)])
        rows[-1].append(_area(np.delete(signals, column, axis=1), labels, first))
    return table(
        ["signal", "AUROC alone", "of all others"], [*rows, ["all", _area(signals, labels, first), ""]]
    )


def _area(signals: Rows, labels: NDArray[np.bool_], first: NDArray[np.bool_]) -> float:
    model = fitted(signals[first], labels[first])
    return float(roc_auc_score(labels[~first], model.decision_function(signals[~first])))


def bounds(support: NDArray[np.float64], labels: NDArray[np.bool_]) -> str:
    """Precision and recall of marking what is below a bound, and of attributing what is not. Precision is as
    if as many claims were borne out as not."""
    rows = []
    for bound in np.arange(0.1, 0.91, 0.1):
        marked = support < bound
        wrong, right = marked[~labels].mean(), marked[labels].mean()
        rows.append(
            [
                f"{bound:.1f}",
                wrong / max(wrong + right, 1e-9),
                wrong,
                (1 - right) / max(2 - wrong - right, 1e-9),
                1 - right,
            ]
        )
    head = ["bound", "marked: precision", "recall", "attributed: precision", "recall"]
    return table(head, [[row[0], *map(float, row[1:])] for row in rows])


def kinds(support: NDArray[np.float64], chosen: Sequence[Pair]) -> str:
    rows: list[list[object]] = []
    for kind in (*BORNE_OUT, *NOT_BORNE_OUT):
        of = support[[pair.kind == kind for pair in chosen]]
        rows.append([kind, len(of), *(float(share) for share in ((of < WEAK).mean(), (of >= STRONG).mean()))])
    return table(["claim", "pairs", f"below {WEAK}", f"{STRONG} or more"], rows)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("--pairs", type=int, default=2000, help="so many pairs, drawn by chance")
    given = options.parse_args()
    found = articles()
    made = list(pairs(found, random.Random(1)))
    chosen = [
        pair
        for pair in random.Random(5).sample(made, min(given.pairs, len(made)))
        if english(pair.claim) == english(found[pair.article]["text"][pair.start : pair.end])
    ]
    signals = np.array(list(measured(found, chosen)))
    labels = np.array([pair.supported for pair in chosen])
    first = np.array([pair.article % 2 == 0 for pair in chosen])
    model = fitted(signals[first], labels[first])
    weights = [round(float(weight), 2) for weight in model.coef_[0]]
    print(f"BIAS = {model.intercept_[0]:.2f}, weights {dict(zip(NAMES, weights, strict=True))}\n")
    others = [pair for pair, held in zip(chosen, ~first, strict=True) if held]
    told = BIAS + signals[~first] @ np.array([weight for _, weight in SIGNALS])
    support = 1 / (1 + np.exp(-told))
    print(f"{first.sum():,} pairs fitted to, {len(others):,} others:\n")
    print(
        "\n\n".join([worth(signals, labels, first), bounds(support, labels[~first]), kinds(support, others)])
    )


if __name__ == "__main__":
    main()
