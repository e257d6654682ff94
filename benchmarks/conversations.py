"""How well follow-up questions find their passages: recall@5 and nDCG@5 on real conversations.

    python -m benchmarks.conversations [--library DIR]

183 questions of the evaluation data's conversations, over their pool of 1,152 passages (each an article
here, 65 of them copies of others). Rows: each wording that qa/followup.py searches for by itself, and all of
them, fused. A hit stands for the copies that are folded into it; the last two columns leave them out.
"""

import argparse
import statistics
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from benchmarks.common import EVAL, evaluation, table
from index import Index, build
from index.search import search
from qa import Turn
from qa.followup import Standing, stand_alone

K = 5
_DEPTH = 20
"""Passages looked at for K different articles."""
CONVERSATIONS = EVAL / "conversations"

SYSTEMS: dict[str, Callable[[Standing], tuple[Sequence[str], Sequence[float]]]] = {
    "last question alone": lambda standing: (standing.wordings[:1], (1,)),
    "previous and last question": lambda standing: (standing.wordings[1:2] or standing.wordings, (1,)),
    "with the answer between them": lambda standing: (standing.wordings[2:] or standing.wordings, (1,)),
    "fused, as Byline asks": lambda standing: (standing.wordings, standing.weights),
}


def standing(turns: Sequence[dict[str, Any]]) -> Standing:
    """The last question of a conversation with all that came before it."""
    *before, last = [turn["text"] for turn in turns]
    history = [Turn(*pair) for pair in zip(before[::2], before[1::2], strict=True)]
    return stand_alone(last, history)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("--library", type=Path, help="keep the passages' library here")
    chosen = options.parse_args()
    score = evaluation()
    asked = [row for row in score.rows(CONVERSATIONS / "mtrag.dev.jsonl.gz") if row["gold"]]
    rows: list[list[object]] = []
    with tempfile.TemporaryDirectory() as folder:
        library = chosen.library or Path(folder) / "conversations"
        build(CONVERSATIONS / "mtrag.passages.jsonl.gz", library=library)
        with Index.open(library) as index, index.pinned() as snapshot:
            for name, chosen_of in SYSTEMS.items():
                scores: list[tuple[float, ...]] = []
                for row in asked:
                    wordings, weights = chosen_of(standing(row["turns"]))
                    hits = search(snapshot, wordings, _DEPTH, None, weights)
                    alone = list(dict.fromkeys(hit.passage.article_id for hit in hits))
                    every = (id for hit in hits for id in (hit.passage.article_id, *hit.copies))
                    scores.append(
                        tuple(
                            measure(found, row["gold"], K)
                            for found in (list(dict.fromkeys(every)), alone)
                            for measure in (score.recall_at, score.ndcg_at)
                        )
                    )
                rows.append([name, *map(statistics.mean, zip(*scores, strict=True))])
    print(f"{len(asked)} questions\n")
    head = ["wordings", f"recall@{K}", f"nDCG@{K}"]
    print(table([*head, f"recall@{K}, no copies", f"nDCG@{K}, no copies"], rows))


if __name__ == "__main__":
    main()
