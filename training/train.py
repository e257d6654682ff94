"""Trains the reader: `python -m training.train RUN --minutes 100`, from where RUN's checkpoint stands.

The rate of learning follows the clock, so that a slower machine takes fewer steps and still ends.
"""

import argparse
import json
import random
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor

from index.embed import native_bfloat16
from qa.reader import WINDOW

from .contrary import altered, denied, exchanged, opposed
from .examples import FOLLOW_UP, Example, Input, cut, near, squad, written
from .following import followed
from .model import NEVER, Reader

EVAL = Path(__file__).parents[2] / "shared" / "eval"
PEAK, WARM = 2.5e-4, 0.04
"""The highest rate, and the share of the time in which it is reached."""
TOKENS = 3_072
"""Of a batch, padding included."""
LENGTHS = tuple(range(64, 321, 32))
RELEVANCE = 0.5
"""What the relevance head's loss counts beside that of the spans."""
AMONG = 0.5
"""And its loss of telling a question's right passage from the wrong ones beside it."""
TOGETHER = 4
"""Inputs of one question in a batch, at most."""
SAVED_EVERY = 300
"""Seconds between checkpoints."""

Batch = tuple[Tensor, Tensor, Tensor, Tensor, Tensor, Tensor, Tensor]


def mixture(rng: random.Random) -> list[Example]:
    """One pass: everything that was written, all of Wikipedia's, a part of the others, and negatives."""
    own, wiki, squad2, reddit, amazon = (
        written(kept_back=False),
        *(
            squad(EVAL / "squad" / f"train.{name}.jsonl.gz")
            for name in ("wiki", "squad2", "reddit", "amazon")
        ),
    )
    follow_ups = [example for example in own if example.source == FOLLOW_UP]
    found = own + follow_ups + wiki + squad2 + rng.sample(reddit, 2_000) + rng.sample(amazon, 2_000)
    found += (
        near(own, rng, 7_000) + near(squad2, rng, 1_500) + near(wiki, rng, 2_500) + near(reddit, rng, 600)
    )
    alone = [example for example in own if example.source != FOLLOW_UP]
    found += altered(alone, rng, 600) + altered(squad2, rng, 500) + altered(wiki, rng, 900)
    found += exchanged(alone, rng, 500) + exchanged(squad2, rng, 400) + exchanged(wiki, rng, 700)
    found += opposed(alone, rng, 600) + opposed(squad2, rng, 300) + opposed(wiki + reddit, rng, 900)
    found += denied(alone, rng, 300) + denied(squad2, rng, 200) + denied(wiki, rng, 400)
    found += followed(alone, rng, 3_000) + followed(squad2, rng, 800) + followed(wiki, rng, 1_500)
    rng.shuffle(found)
    return found


def batches(inputs: Sequence[Input]) -> Iterator[Batch]:
    """The inputs, those of like lengths together, and of one question in one batch; what fills no batch waits
    for the next pass."""
    by_question: dict[tuple[int, ...], list[Input]] = {}
    for one in inputs:
        by_question.setdefault(one.question, []).append(one)
    by_length: dict[int, list[Input]] = {}
    for same in by_question.values():
        for together in (same[n : n + TOGETHER] for n in range(0, len(same), TOGETHER)):
            longest = max(len(one.ids) for one in together)
            length = next(length for length in LENGTHS if longest <= length)
            full = by_length.setdefault(length, [])
            full += together
            if len(full) >= TOKENS // length:
                yield tensors(by_length.pop(length), length)


def tensors(inputs: Sequence[Input], length: int) -> Batch:
    """ids, mask, kinds, and the shares (batch, length) of each token to be the first and the last of the
    answer (its first token's: to have none); which tokens may be (0, or NEVER); and each one's question, by
    the number (batch,) of the first input that has it."""
    shape = (len(inputs), length)
    ids, mask, kinds = (torch.zeros(shape, dtype=torch.long) for _ in range(3))
    first, last = torch.zeros(shape), torch.zeros(shape)
    allowed = torch.full(shape, NEVER)
    questions: dict[tuple[int, ...], int] = {}
    asked = [questions.setdefault(one.question, n) for n, one in enumerate(inputs)]
    for n, one in enumerate(inputs):
        size = len(one.ids)
        ids[n, :size] = torch.tensor(one.ids)
        mask[n, :size] = 1
        kinds[n, one.segment : size] = 1
        allowed[n, 0] = 0
        allowed[n, one.passage_from : size - 1] = 0
        if not one.spans:
            first[n, 0] = last[n, 0] = 1
        for start, end, weight in one.spans:
            first[n, start] += weight
            last[n, end] += weight
    return ids, mask, kinds, first, last, allowed, torch.tensor(asked)


def loss_of(model: torch.nn.Module, batch: Batch) -> Tensor:
    ids, mask, kinds, first, last, allowed, asked = batch
    start, end, odds = model(ids, mask, kinds)
    scored = ((start.float(), first), (end.float(), last))
    spans = [F.cross_entropy(scores + allowed, shares) for scores, shares in scored]
    answered = first[:, 0] == 0
    relevance = F.binary_cross_entropy_with_logits(odds.float(), answered.float())
    return sum(spans) / 2 + RELEVANCE * relevance + AMONG * among(odds.float(), answered, asked)


def among(odds: Tensor, answered: Tensor, asked: Tensor) -> Tensor:
    """How unlikely, by its odds, each passage that answers is to be the one among those beside it which are
    put to the same question and do not; all three are (batch,). A softmax over one question's passages, as
    the reader of Karpukhin et al., "Dense Passage Retrieval" (EMNLP 2020), section 6.1, has it."""
    itself = torch.eye(len(odds), dtype=torch.bool)
    rivals = (asked[:, None] == asked) & ~answered
    contested = answered & rivals.any(dim=1)
    if not contested.any():
        return odds.new_zeros(())
    rows = odds.masked_fill(~(rivals | itself), NEVER)
    return (rows.logsumexp(dim=1) - odds)[contested].mean()


def rate(progress: float) -> float:
    """Up in a straight line, and down again to a fiftieth."""
    return PEAK * min(progress / WARM, max(0.02, (1 - progress) / (1 - WARM)))


def train(run: Path, minutes: float, seed: int) -> None:
    run.mkdir(parents=True, exist_ok=True)
    checkpoint = run / "checkpoint.pt"
    torch.manual_seed(seed)
    model = Reader().train()
    learned = [value for value in model.parameters() if value.requires_grad]
    optimizer = torch.optim.AdamW(learned, lr=PEAK, betas=(0.9, 0.98), weight_decay=0.01, fused=True)
    halved = native_bfloat16()
    spent, steps, tokens = 0.0, 0, 0
    if checkpoint.exists():
        saved = torch.load(checkpoint)
        model.load_state_dict(saved["model"])
        optimizer.load_state_dict(saved["optimizer"])
        spent, steps, tokens = (saved[name] for name in ("spent", "steps", "tokens"))
    last = saved_at = time.monotonic()
    mean = 0.0

    def save() -> None:
        state = {"model": model.state_dict(), "optimizer": optimizer.state_dict()}
        state |= {"spent": spent, "steps": steps, "tokens": tokens}
        torch.save(state, run / "checkpoint.new")
        (run / "checkpoint.new").replace(checkpoint)

    with (run / "log.jsonl").open("a") as log:
        while spent < 60 * minutes:
            rng = random.Random(f"{seed} {steps}")  # by steps: a pass that was broken off is drawn anew
            examples = mixture(rng)
            for batch in batches([cut(one, WINDOW, rng) for one in examples]):
                now = time.monotonic()
                spent, last = spent + now - last, now
                progress = spent / (60 * minutes)
                if progress >= 1:
                    break
                for group in optimizer.param_groups:
                    group["lr"] = rate(progress)
                with torch.autocast("cpu", torch.bfloat16, enabled=halved):
                    loss = loss_of(model, batch)
                loss.backward()
                torch.nn.utils.clip_grad_norm_(learned, 1.0)
                optimizer.step()
                optimizer.zero_grad()
                steps, tokens = steps + 1, tokens + int(batch[1].sum())
                mean = 0.98 * mean + 0.02 * loss.item() if mean else loss.item()
                if steps % 10 == 0:
                    row = {
                        "step": steps,
                        "minutes": round(spent / 60, 1),
                        "tokens": tokens,
                        "loss": round(mean, 4),
                    }
                    print(json.dumps(row), file=log, flush=True)
                if now - saved_at > SAVED_EVERY:
                    saved_at = now
                    save()
        save()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("run", type=Path, help="the folder of checkpoints and log")
    parser.add_argument("--minutes", type=float, default=100)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    train(given.run, given.minutes, given.seed)


if __name__ == "__main__":
    main()
