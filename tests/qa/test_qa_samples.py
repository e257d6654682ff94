"""All sample questions, asked with the real encoder: what is promised of citations holds for every one."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

import seeds
from index.embed import Encoder
from index.sentences import sentences
from qa import Answer, Assistant, Turn

MARKER = re.compile(r"(?<!\\)\[(\d+)\]")
READ_BACK = """
import json, sys
from index import Index
library, citations = json.load(sys.stdin)
wrong = []
with Index.open(library) as index:
    for id, start, end, quote in citations:
        if index.article(id).text[start:end] != quote:
            wrong.append([id, start, end, quote])
print(json.dumps({"read": len(citations), "wrong": wrong}))
"""


@pytest.fixture(scope="module")
def answers(samples_assistant: Assistant) -> dict[str, Answer]:
    """The answer to each question, by the question's id."""
    return {
        question.id: samples_assistant.ask(question.question, [Turn(*turn) for turn in question.history])
        for question in seeds.questions()
    }


def test_every_question_gets_an_answer_that_cites(answers: dict[str, Answer]) -> None:
    assert len(answers) == len(seeds.questions()) >= 60
    assert [id for id, answer in answers.items() if not answer.citations or not answer.text] == []


def test_every_citation_is_exact_when_a_new_process_reads_it_back(
    answers: dict[str, Answer], samples: Path
) -> None:
    cited = [(c.article_id, c.start, c.end, c.quote) for answer in answers.values() for c in answer.citations]
    done = subprocess.run(
        [sys.executable, "-c", READ_BACK],
        input=json.dumps([str(samples), cited]),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {"read": len(cited), "wrong": []}
    assert len(cited) >= len(answers)


def test_every_citation_is_a_whole_sentence_inside_a_hit(
    answers: dict[str, Answer], samples_assistant: Assistant, bundled: Encoder
) -> None:
    with samples_assistant.index.pinned() as snapshot:
        longest = snapshot.manifest.made.passage_tokens
    articles = {article.id: article for article in samples_assistant.index.articles()}
    spans = {id: set(sentences(article.text, article.language)) for id, article in articles.items()}
    for id, answer in answers.items():
        for citation in answer.citations:
            assert (citation.start, citation.end) in spans[citation.article_id], (id, citation.quote)
            assert bundled.pieces.counter(citation.quote).count(0, len(citation.quote)) <= longest
            assert any(
                hit.passage.article_id == citation.article_id
                and hit.passage.start <= citation.start < citation.end <= hit.passage.end
                for hit in answer.hits
            ), (id, citation.quote)


def test_every_marker_has_its_citation_and_every_citation_its_marker(answers: dict[str, Answer]) -> None:
    for id, answer in answers.items():
        numbers = [int(number) for number in MARKER.findall(answer.text)]
        assert numbers == [c.marker for c in answer.citations] == list(range(1, len(numbers) + 1)), id


def test_every_answer_rests_on_hits_that_are_the_articles_own_words(
    answers: dict[str, Answer], samples_assistant: Assistant
) -> None:
    articles = {article.id: article.text for article in samples_assistant.index.articles()}
    for answer in answers.values():
        assert 0 < answer.confidence < 1
        for hit in answer.hits:
            passage = hit.passage
            assert articles[passage.article_id][passage.start : passage.end] == passage.text


def test_one_in_four_answers_quote_the_sentence_that_answers(
    answers: dict[str, Answer], samples_assistant: Assistant
) -> None:
    asked = [question for question in seeds.questions() if question.quote]
    found = [
        question.id
        for question in asked
        if any(question.quote in c.quote or c.quote in question.quote for c in answers[question.id].citations)
    ]
    assert len(found) / len(asked) >= 0.25, f"{len(found)} of {len(asked)}"
